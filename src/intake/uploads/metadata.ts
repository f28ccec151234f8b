import { TitianError } from '../../domain/error.ts'
import type { SubmissionId } from '../../domain/ids.ts'
import { FILE_NAME, SUBMISSION_ID } from '../../engine/submissions/submission-shapes.ts'
import { readIdempotencyKey } from '../upload-head.ts'
import { typeOfName } from './file-type.ts'

/** What a sender says of an upload before its bytes. */
export type UploadWish = {
  dataset: string
  mediaType: string
  encoding: string | null
  mode: 'snapshot' | null
  /** Idempotency key of the batch; null: the upload's own id. */
  key: string | null
  sha256: Buffer | null
  submission: SubmissionId | null
  file: string | null
}

type Metadata = Readonly<Record<string, string | null>>

/**
 * Reads the `Upload-Metadata` of an upload: `dataset`, and how to read the bytes from `filetype` or, before it, the name in
 * `filename`: a browser often does not know. The name itself is not kept. Throws `bad-request` and `type-unsupported`.
 */
export function readMetadata(metadata: Metadata): UploadWish {
  const text = (name: string) => metadata[name]?.trim() || null
  const dataset = text('dataset')
  if (dataset === null) throw misfit('dataset', 'required')
  const known = typeOfName(text('filename') ?? '')
  const mediaType = text('contenttype') ?? known?.type ?? text('filetype')
  if (mediaType === null) throw new TitianError('type-unsupported', 'neither filename nor filetype tells what it is')
  const mode = text('mode')
  if (mode !== null && mode !== 'snapshot') throw misfit('mode', 'enum')
  const sha256 = text('sha256')
  if (sha256 !== null && !/^[0-9a-f]{64}$/i.test(sha256)) throw misfit('sha256', 'pattern')
  const key = text('key')
  const [submission, file] = [text('submission'), text('file')]
  if ((submission === null) !== (file === null)) throw misfit(submission === null ? 'submission' : 'file', 'required')
  if (submission !== null && !new RegExp(SUBMISSION_ID).test(submission)) throw misfit('submission', 'pattern')
  if (file !== null && !new RegExp(FILE_NAME).test(file)) throw misfit('file', 'pattern')
  if (submission !== null && mode !== null) throw misfit('mode', 'not-here')
  return {
    dataset,
    mediaType,
    encoding: text('contentencoding') ?? known?.encoding ?? null,
    mode,
    key: key === null ? null : readIdempotencyKey(key),
    sha256: sha256 === null ? null : Buffer.from(sha256, 'hex'),
    submission: submission as SubmissionId | null,
    file,
  }
}

function misfit(name: string, code: string): TitianError {
  return new TitianError('bad-request', `Upload-Metadata: ${name}`, {
    places: [{ pointer: `/headers/upload-metadata/${name}`, code }],
  })
}
