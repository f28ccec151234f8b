import type { Opinion } from './review.ts'

/**
 * Whether two stewards have to say the same: of persons with so many source records together that are made one, and of every
 * decision where `from` is 1.
 */
export function needsTwo(from: number, { decision, records }: { decision: Opinion; records: number }): boolean {
  return from <= 1 || (decision === 'same' && records >= from)
}
