import type { BatchId } from '../../domain/ids.ts'

/** What one finding holds back of one dataset of a platform. An entry that two findings hold counts for both. */
export type HeldCause = {
  platform: string
  dataset: string
  code: string
  /** Entries that wait: no later batch has brought them. */
  entries: number
  /** Those that a later batch has brought well. */
  corrected: number
  /** Those that a later batch has brought, and that are held or rejected there as well. */
  again: number
  /** When the batch of the oldest of them that nobody has corrected was received: who came again has waited since the first time. */
  oldestAt: Date | null
  /** Their batches, the oldest first. */
  batches: BatchId[]
}
