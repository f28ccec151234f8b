import type { Index } from '../subjects/subject.ts'

/** What a steward said about two source records, by their key indexes. `leaver` is the one that was taken away from a person. */
export type PairDecision = { a: Index; b: Index; decision: 'same' | 'different'; leaver?: Index | null }

/** The key of a pair of records in a map; it is the same whichever record is named first. */
export function pairKey(a: Index, b: Index): string {
  return a < b ? `${a}${b}` : `${b}${a}`
}

/** The same decision about every pair of two sets of records. */
export function acrossOf(
  some: readonly Index[],
  others: readonly Index[],
  decision: PairDecision['decision'],
): PairDecision[] {
  return some.flatMap((a) => others.map((b) => ({ a, b, decision })))
}
