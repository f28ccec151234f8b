import type { BatchId, SubmissionId, UploadId } from '../../domain/ids.ts'

/** `open` while bytes come, `whole` when all are here, then `taken` as a batch, or `refused` with a problem. */
export type UploadState = 'open' | 'whole' | 'taken' | 'refused'

/** Why no batch was made of an upload. */
export type UploadProblem = { code: string; detail: string | null; places: { pointer: string; code: string }[] }

export type UploadRow = {
  id: UploadId
  platform: string
  state: UploadState
  length: number
  received: number
  dataset: string
  batch: BatchId | null
  submission: SubmissionId | null
  file: string | null
  problem: UploadProblem | null
  createdAt: Date
  touchedAt: Date
}
