import Type from 'typebox'
import { FREE_TEXT } from '../domain/free-text.ts'
import {
  BATCH,
  BATCH_KINDS,
  BATCH_MODES,
  type BatchKind,
  type BatchMode,
  OUTCOMES,
  type Outcome,
} from '../domain/states.ts'
import { SNAPSHOT_STATES, type SnapshotState } from '../domain/withdrawal.ts'
import { ref } from '../io/http/openapi.ts'
import { FileForm } from './file-form.ts'
import { FileFinding } from './signs/shape.ts'

export const Instant = Type.String({ format: 'date-time' })
export const Count = Type.Integer({ minimum: 0 })

export const Counts = Type.Object(
  {
    received: Count,
    new: Count,
    updated: Count,
    unchanged: Count,
    rejected: Count,
    held: Count,
    pending: Count,
  },
  {
    $id: 'Counts',
    additionalProperties: false,
    description: 'received = new + updated + unchanged + rejected + held + pending, at every moment',
  },
)

export const Corrected = Type.Object(
  {
    rejected: Type.Integer({
      minimum: 0,
      description: 'Of the rejected entries: their key has come well in a later batch',
    }),
    held: Type.Integer({ minimum: 0, description: 'Of the held entries: their key has come well in a later batch' }),
  },
  {
    $id: 'Corrected',
    additionalProperties: false,
    description:
      'What later batches corrected; it stays counted as rejected or held, and the rest of that is still open',
  },
)

const BatchDeliveries = Type.Object(
  {
    composed: Type.Integer({ minimum: 0, description: 'made, and not yet on their way' }),
    sent: Type.Integer({ minimum: 0, description: 'on their way, and nothing heard of them' }),
    refused: Type.Integer({ minimum: 0, description: 'refused as they are; they are tried again' }),
    acknowledged: Type.Integer({ minimum: 0, description: 'received: BPS has given its receipt' }),
    entries: Type.Object(
      {
        delivered: Type.Integer({ minimum: 0, description: 'entries in acknowledged deliveries' }),
        open: Type.Integer({ minimum: 0, description: 'entries in the others: composed is not delivered' }),
      },
      { additionalProperties: false },
    ),
    records_refused: Type.Integer({ minimum: 0, description: 'records that BPS did not take, by its receipts' }),
    open_since: Type.Union([Instant, Type.Null()], { description: 'when the oldest open one was made, or reopened' }),
    attempts: Type.Integer({ minimum: 0, description: 'of the open ones, together' }),
    last_reason: Type.Union([Type.String(), Type.Null()], {
      description: 'what was said last to an open one: `refused: status-422`, `failed: ECONNREFUSED`',
    }),
    next_try_at: Type.Union([Instant, Type.Null()], {
      description: 'when the first open one is tried next; null while a worker has it, and when none is open',
    }),
  },
  {
    $id: 'BatchDeliveries',
    additionalProperties: false,
    description: 'How far the deliveries of a batch are; where it is read, not in the answer to a push',
  },
)

const SnapshotProgress = Type.Object(
  {
    state: Type.Unsafe<SnapshotState>({
      type: 'string',
      enum: [...SNAPSHOT_STATES],
      description:
        '`open`: its records are worked; `held`: too much is absent, or a line had no readable key, and nothing is withdrawn until ' +
        'operators decide or a better snapshot comes; `withdrawn`: what was absent is; `kept`: nothing is withdrawn for it',
    }),
    absent: Type.Union([Count, Type.Null()], {
      description: 'Records of the dataset that it does not hold, once counted',
    }),
    standing: Type.Union([Count, Type.Null()], { description: 'All records of the dataset then' }),
  },
  { $id: 'SnapshotProgress', additionalProperties: false, description: 'How far a snapshot is' },
)

export const Batch = Type.Object(
  {
    id: Type.String({ examples: ['bat_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
    platform: Type.String({ examples: ['carik-jakarta'] }),
    dataset: Type.String({ examples: ['carik'] }),
    dataset_version: Type.String({ examples: ['1'] }),
    kind: Type.Unsafe<BatchKind>({
      type: 'string',
      enum: Object.keys(BATCH_KINDS),
      description: 'What the batch is about: `push` is what a platform sent, `withdrawal` what it takes back',
    }),
    mode: Type.Unsafe<BatchMode>({
      type: 'string',
      enum: [...BATCH_MODES],
      description: '`strict`: one rejected or held entry refuses the whole batch; `partial`: what is good counts',
    }),
    state: Type.Union([Type.Literal(BATCH.receiving), Type.Literal(BATCH.received), Type.Literal(BATCH.settled)]),
    counts: ref(Counts),
    gap: Type.Integer({ description: 'What the counts do not account for; anything but 0 is a fault of the gateway' }),
    corrected: ref(Corrected),
    deliveries: Type.Optional(ref(BatchDeliveries)),
    position: Type.Union([Count, Type.Null()], {
      description: 'Unfinished chunks of earlier batches of this platform; null once the batch is settled',
    }),
    expected_at: Type.Optional(
      Type.Union([Instant, Type.Null()], {
        description:
          'When all outcomes will be known at the rate that was measured; null when nothing was measured, or all are known. ' +
          'Only where one batch is read',
      }),
    ),
    bytes: Type.Integer({ minimum: 0, description: 'Size of the body as sent' }),
    sha256: Type.Union([Type.String(), Type.Null()], { description: 'SHA-256 of the body as sent, in hexadecimal' }),
    created_at: Instant,
    received_at: Type.Union([Instant, Type.Null()]),
    settled_at: Type.Union([Instant, Type.Null()]),
    aborted_at: Type.Union([Instant, Type.Null()], {
      description: 'When what was not linked yet was dropped; null when nobody aborted the batch',
    }),
    refused_at: Type.Union([Instant, Type.Null()], {
      description: 'When a strict batch was refused as a whole; null for every other batch',
    }),
    snapshot: Type.Union([ref(SnapshotProgress), Type.Null()], { description: 'Of a push with `mode=snapshot`' }),
    form: Type.Union([ref(FileForm), Type.Null()], { description: 'How its file was read; null until it is' }),
  },
  { $id: 'Batch', additionalProperties: false, description: 'A batch in its present state' },
)

export const ReleaseWish = Type.Object(
  {
    codes: Type.Array(Type.String({ maxLength: 80, examples: ['key-reused'] }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      description: 'Codes of findings: entries that one of them holds are released',
    }),
    reason: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 500,
        pattern: FREE_TEXT,
        description: 'Why; a code that no mended rule or list answers (`key-reused`) wants one. It is kept sealed',
      }),
    ),
  },
  { $id: 'ReleaseWish', additionalProperties: false },
)

export const ReleaseList = Type.Object(
  {
    releases: Type.Array(
      Type.Object(
        {
          at: Instant,
          by: Type.String({ description: 'The client that ordered it' }),
          codes: Type.Union([Type.Array(Type.String()), Type.Null()], {
            description: 'The findings that were named; null for all that a mended rule or list may answer',
          }),
          reason: Type.Union([Type.String(), Type.Null()]),
          released: Type.Integer({ minimum: 1, description: 'Held entries that started over' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100, description: 'The newest first; no more than a hundred' },
    ),
  },
  { $id: 'ReleaseList', additionalProperties: false },
)

export const Release = Type.Object(
  {
    released: Type.Integer({ minimum: 0, description: 'Held entries that start over' }),
    chunks: Count,
    gone: Type.Integer({ minimum: 0, description: 'Held entries whose source records are no longer kept' }),
    kept: Type.Integer({
      minimum: 0,
      description: 'Held entries that were not wanted: other codes hold them, or one that has to be named',
    }),
    batch: ref(Batch),
  },
  { $id: 'Release', additionalProperties: false, description: 'What was released, and the batch as it is now' },
)

export const FindingItem = Type.Object(
  {
    line: Type.Integer({
      minimum: 1,
      description: 'Physical line (the header of a CSV is line 1); in a JSON array the ordinal of the element',
    }),
    key: Type.Union([Type.String(), Type.Null()], {
      description: "The platform's own key of the record; null when it could not be read, or is no longer kept",
    }),
    code: Type.String({ examples: ['nik-length'] }),
    severity: Type.Union([Type.Literal('error'), Type.Literal('hold'), Type.Literal('warning')]),
    path: Type.String({ description: 'JSON Pointer into the source record', examples: ['/anggota/0/nik'] }),
    title: Type.String({ description: 'In the language of Accept-Language: Indonesian, or English' }),
    outcome: Type.Optional(
      Type.Union([Type.Unsafe<Outcome>({ type: 'string', enum: [...OUTCOMES] }), Type.Null()], {
        description: 'What became of the entry; null until it is known. Not in the report of a check',
      }),
    ),
    corrected_by: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description:
          'The later batch that brought this record well: the finding is closed. Not in the report of a check',
      }),
    ),
  },
  { $id: 'Finding', additionalProperties: false },
)

export const CheckReport = Type.Object(
  {
    dataset: Type.String(),
    dataset_version: Type.String(),
    received: Count,
    accepted: Count,
    held: Count,
    rejected: Count,
    counts: Type.Record(Type.String(), Count, { description: 'Findings by code' }),
    findings: Type.Array(ref(FindingItem)),
    truncated: Type.Boolean({ description: 'There are more findings than are listed' }),
    form: Type.Union([ref(FileForm), Type.Null()]),
    file: Type.Array(ref(FileFinding), { description: 'What only shows in the file as a whole' }),
  },
  { $id: 'CheckReport', additionalProperties: false, description: 'What a check found' },
)

export const BATCH_ID = '^bat_[0-9a-z]{26}$'
export const BatchPath = Type.Object(
  { id: Type.String({ pattern: BATCH_ID, examples: ['bat_01kaj3q8z4t0c6v9w2x5y7b1nd'] }) },
  { additionalProperties: false },
)

/** Schemas of the engine that others point at by name. */
export const ENGINE_SHAPES = [
  FileForm,
  Counts,
  Corrected,
  BatchDeliveries,
  SnapshotProgress,
  Batch,
  ReleaseWish,
  ReleaseList,
  Release,
  FindingItem,
  FileFinding,
  CheckReport,
]
