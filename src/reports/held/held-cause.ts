import type { BatchId } from '../../domain/ids.ts'

/** What one finding holds back of one dataset of a platform. An entry that two findings hold counts for both. */
export type HeldCause = {
  platform: string
  dataset: string
  code: string
  /** Entries that no later batch has brought well or brought again, and those that one has. */
  entries: number
  corrected: number
  again: number
  /** When the batch of the oldest of them that nobody has corrected was received: who came again has waited since the first time. */
  oldestAt: Date | null
  /** Their batches, the oldest first. */
  batches: BatchId[]
}
