import Type from 'typebox'
import { BATCH, type BatchState } from '../../domain/states.ts'
import { ref } from '../../io/http/openapi.ts'
import { Counts, Instant } from '../batch-shapes.ts'

export const SUBMISSION_ID = '^sub_[0-9a-z]{26}$'
/** How a sender may call a file of a submission: a word that goes into an address. */
export const FILE_NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'

const SubmissionFileView = Type.Object(
  {
    file: Type.String({ pattern: FILE_NAME, examples: ['keluarga.csv'] }),
    dataset: Type.String({ examples: ['dtks-rumah-tangga'] }),
    batch: Type.String({ description: 'The batch that the file is: findings, counts and receipt are asked of it' }),
    parts: Type.Integer({ minimum: 0, description: 'Bodies that it was sent in' }),
    entries: Type.Integer({ minimum: 0, description: 'Source records in them' }),
    bytes: Type.Integer({ minimum: 0 }),
    state: Type.Unsafe<BatchState>({
      type: 'string',
      enum: Object.keys(BATCH),
      description: '`receiving` until the commit',
    }),
    counts: ref(Counts),
  },
  { additionalProperties: false },
)

export const Submission = Type.Object(
  {
    id: Type.String({ examples: ['sub_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
    platform: Type.String({ examples: ['carik-jakarta'] }),
    state: Type.Unsafe<'open' | 'committed' | 'aborted' | 'expired' | typeof BATCH.settled>({
      type: 'string',
      enum: ['open', 'committed', BATCH.settled, 'aborted', 'expired'],
      description: '`committed`: its files are worked; `settled`: all of them are',
    }),
    replaces: Type.Union([Type.String(), Type.Null()], {
      description: 'The earlier submission of which the records are withdrawn that this one does not hold',
    }),
    created_at: Instant,
    expires_at: Type.Union([Instant, Type.Null()], {
      description: 'When it ends unless something is added; null once it is closed',
    }),
    committed_at: Type.Union([Instant, Type.Null()]),
    settled_at: Type.Union([Instant, Type.Null()]),
    counts: ref(Counts),
    gap: Type.Integer({ description: 'What the counts do not account for; anything but 0 is a fault of the gateway' }),
    files: Type.Array(SubmissionFileView),
  },
  {
    $id: 'Submission',
    additionalProperties: false,
    description: 'Files that belong together, received and settled as one',
  },
)

export const SubmissionPath = Type.Object(
  { id: Type.String({ pattern: SUBMISSION_ID, examples: ['sub_01kaj3q8z4t0c6v9w2x5y7b1nd'] }) },
  { additionalProperties: false },
)
