import Type from 'typebox'
import { ref } from '../domain/answers.ts'
import { OUTCOMES, type Outcome } from '../domain/states.ts'

const Instant = Type.String({ format: 'date-time' })
const Count = Type.Integer({ minimum: 0 })

const Counts = Type.Object(
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

export const Batch = Type.Object(
  {
    id: Type.String({ examples: ['bat_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
    platform: Type.String({ examples: ['carik-jakarta'] }),
    dataset: Type.String({ examples: ['carik'] }),
    dataset_version: Type.String({ examples: ['1'] }),
    state: Type.Union([Type.Literal('receiving'), Type.Literal('received'), Type.Literal('settled')]),
    counts: ref(Counts),
    gap: Type.Integer({ description: 'What the counts do not account for; anything but 0 is a fault of the gateway' }),
    position: Type.Union([Count, Type.Null()], {
      description: 'Unfinished chunks of earlier batches of this platform; null once the batch is settled',
    }),
    bytes: Type.Integer({ minimum: 0, description: 'Size of the body as sent' }),
    sha256: Type.Union([Type.String(), Type.Null()], { description: 'SHA-256 of the body as sent, in hexadecimal' }),
    created_at: Instant,
    received_at: Type.Union([Instant, Type.Null()]),
    settled_at: Type.Union([Instant, Type.Null()]),
  },
  { $id: 'Batch', additionalProperties: false, description: 'A batch in its present state' },
)

export const Release = Type.Object(
  {
    released: Type.Integer({ minimum: 0, description: 'Held entries that start over' }),
    chunks: Count,
    gone: Type.Integer({ minimum: 0, description: 'Held entries whose source records are no longer kept' }),
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
  },
  { $id: 'CheckReport', additionalProperties: false, description: 'What a check found' },
)

export const FindingPage = Type.Object(
  {
    findings: Type.Array(ref(FindingItem)),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null on the last one' }),
  },
  { $id: 'FindingPage', additionalProperties: false, description: 'A page of findings' },
)

export const BatchPage = Type.Object(
  {
    batches: Type.Array(ref(Batch)),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null on the last one' }),
  },
  { $id: 'BatchPage', additionalProperties: false, description: 'A page of batches' },
)

export const BATCH_ID = '^bat_[0-9a-z]{26}$'
export const BatchPath = Type.Object(
  { id: Type.String({ examples: ['bat_01kaj3q8z4t0c6v9w2x5y7b1nd'] }) },
  { additionalProperties: false },
)

const OutcomeName = Type.Unsafe<Outcome>({ type: 'string', enum: [...OUTCOMES] })

export const RecordWay = Type.Object(
  {
    platform: Type.String(),
    dataset: Type.String(),
    entries: Type.Array(
      Type.Object(
        {
          batch: Type.String(),
          line: Type.Integer({ minimum: 1 }),
          outcome: OutcomeName,
          state: Type.String({ description: 'How far the chunk of the entry is', examples: ['settled'] }),
          received_at: Instant,
          settled_at: Type.Union([Instant, Type.Null()]),
          findings: Type.Array(
            Type.Object(
              { code: Type.String(), severity: Type.String(), path: Type.String(), title: Type.String() },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    subjects: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          level: Type.String({ examples: ['individu'] }),
          version: Type.Integer({ description: 'Of the golden record' }),
          merged_into: Type.Union([Type.String(), Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
    deliveries: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          state: Type.String({ examples: ['acknowledged'] }),
          composed_at: Instant,
          acknowledged_at: Type.Union([Instant, Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'RecordWay', additionalProperties: false, description: 'The way of one record' },
)

const OutcomeCounts = Type.Object(
  { new: Count, updated: Count, unchanged: Count, rejected: Count, held: Count },
  { additionalProperties: false },
)
const SUMS = {
  received: Count,
  chunks: { ...OutcomeCounts, description: 'Outcomes as the chunks count them' },
  ledger: { ...OutcomeCounts, description: 'Outcomes counted afresh, entry by entry' },
  pending: Count,
  delivered: Type.Integer({ minimum: 0, description: 'New and updated entries that are in a delivery' }),
  gap: Type.Integer({ description: 'received minus the outcomes of the chunks minus pending' }),
  ledger_gap: Type.Integer({ description: 'received minus the outcomes of the ledger minus pending' }),
  delivery_gap: Type.Integer({ description: 'new plus updated minus delivered' }),
}

export const Conservation = Type.Object(
  {
    gap: Type.Integer({
      minimum: 0,
      description: 'All gaps of all batches, without their signs: 0, or something is wrong',
    }),
    platforms: Type.Array(Type.Object({ platform: Type.String(), ...SUMS }, { additionalProperties: false })),
    batches: Type.Array(
      Type.Object(
        { batch: Type.String(), platform: Type.String(), dataset: Type.String(), ...SUMS },
        { additionalProperties: false },
      ),
      { description: 'The newest 1,000; the sums are over all' },
    ),
  },
  { $id: 'Conservation', additionalProperties: false, description: 'Sums and gaps' },
)

/** Schemas that other schemas point at by name. */
export const INTAKE_SHAPES = [
  Counts,
  Batch,
  Release,
  BatchPage,
  FindingItem,
  FindingPage,
  CheckReport,
  RecordWay,
  Conservation,
]
