import type { Counts } from '../../domain/states.ts'

/** Which rows of a batch are given back. */
export const GIVEN_BACK = ['rejected', 'held', 'unprocessed'] as const
export type GivenBack = (typeof GIVEN_BACK)[number]

type Counted = {
  counts: Pick<Counts, 'rejected' | 'held'>
  corrected: Pick<Counts, 'rejected' | 'held'>
  aborted_at: string | null
  refused_at: string | null
}

/**
 * Which rows of a batch there are to be given back, by its counts; what later batches corrected is none of them. A batch that was ended
 * as a whole has rows that nothing was wrong with.
 */
export function givenBackOf({ counts, corrected, aborted_at: aborted, refused_at: refused }: Counted): GivenBack[] {
  const isRejected = counts.rejected > corrected.rejected
  return [
    ...(isRejected ? (['rejected'] as const) : []),
    ...(counts.held > corrected.held ? (['held'] as const) : []),
    ...(isRejected && (aborted !== null || refused !== null) ? (['unprocessed'] as const) : []),
  ]
}
