import Type, { type Static } from 'typebox'
import { ERRORS, type ErrorCode, TitianError } from '../../domain/error.ts'
import { Instant } from '../../engine/batch-shapes.ts'
import type { Language } from '../../io/http/language.ts'
import { ref } from '../../io/http/openapi.ts'
import { Problem, problemOf } from '../../io/http/problem.ts'
import type { UploadRow, UploadState } from './upload.ts'

const UPLOAD_ID = '^upl_[0-9a-z]{26}$'

export const ResumableUpload = Type.Object(
  {
    id: Type.String({ examples: ['upl_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
    state: Type.Unsafe<UploadState>({
      type: 'string',
      enum: ['open', 'whole', 'taken', 'refused'],
      description: '`whole`: all bytes are here; `taken`: a batch was made of them; `refused`: none is made',
    }),
    dataset: Type.String({ examples: ['carik'] }),
    length: Type.Integer({ minimum: 1, description: 'bytes that were announced' }),
    received: Type.Integer({ minimum: 0, description: 'bytes that are stored' }),
    batch: Type.Union([Type.String(), Type.Null()], { description: 'what was made of it' }),
    submission: Type.Union([Type.String(), Type.Null()], {
      description: 'the submission that it is a file of, if any',
    }),
    file: Type.Union([Type.String(), Type.Null()]),
    problem: Type.Union([ref(Problem), Type.Null()], { description: 'why no batch was made of it' }),
    created_at: Instant,
    expires_at: Type.Union([Instant, Type.Null()], { description: 'when it is discarded unless bytes come' }),
  },
  { $id: 'ResumableUpload', additionalProperties: false, description: 'An upload that may break off and go on' },
)

export const UploadPath = Type.Object(
  { id: Type.String({ pattern: UPLOAD_ID, examples: ['upl_01kaj3q8z4t0c6v9w2x5y7b1nd'] }) },
  { additionalProperties: false },
)

/** An upload as the API shows it; its problem in the language of whoever asks. */
export function viewOfUpload(
  row: UploadRow,
  hours: number,
  { language, request, basePath }: { language: Language; request: string; basePath: string },
): Static<typeof ResumableUpload> {
  const { id, state, dataset, length, received, batch, submission, file, createdAt, touchedAt } = row
  const shown = { id, state, dataset, length, received, batch, submission, file }
  return {
    ...shown,
    problem: row.problem === null ? null : problemOf(errorOf(row.problem), language, request, basePath),
    created_at: createdAt.toISOString(),
    expires_at: state === 'open' ? new Date(touchedAt.getTime() + hours * 3_600_000).toISOString() : null,
  }
}

function errorOf({ code, detail, places }: NonNullable<UploadRow['problem']>): TitianError {
  // A version after this one may know codes that this one does not.
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'bad-request'
  return new TitianError(known, detail ?? undefined, { places })
}
