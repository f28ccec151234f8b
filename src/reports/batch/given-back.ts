import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { GivenBack } from './rows.sql.ts'

type Counted = Pick<BatchView, 'counts' | 'corrected' | 'aborted_at' | 'refused_at'>

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
