import type { BatchId } from '../../domain/ids.ts'

/** A file of a submission: a batch that is `receiving` until the commit. */
export type SubmissionFile = {
  batch: BatchId
  file: string
  dataset: string
  datasetVersion: string
  parts: number
  entries: number
  bytes: number
  /** SHA-256 of the one part, or over the digests of the parts in their order; null without a part. */
  sha256: Buffer | null
}
