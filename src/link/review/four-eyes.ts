import type { Index } from '../subjects/subject.ts'
import type { Opinion } from './review.ts'

/** What the first of two stewards wants taken out of a person. */
export type UnmergeOpinion = { leaving: Index[]; by: string; at: Date }

/**
 * Whether two stewards have to say the same: of persons with so many source records together that are made one, and of every
 * decision where `from` is 1.
 */
export function needsTwo(from: number, { decision, records }: { decision: Opinion; records: number }): boolean {
  return from <= 1 || (decision === 'same' && records >= from)
}
