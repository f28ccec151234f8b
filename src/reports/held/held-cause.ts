import type { BatchId } from '../../domain/ids.ts'

/** What one finding holds back of one dataset of a platform. An entry that two findings hold counts for both. */
export type HeldCause = {
  platform: string
  dataset: string
  code: string
  /** Entries that nobody has corrected, and those that a later batch has. */
  entries: number
  corrected: number
  /** When the batch of the oldest of them that nobody has corrected was received. */
  oldestAt: Date | null
  /** Their batches, the oldest first. */
  batches: BatchId[]
}
