import Type from 'typebox'
import { CHUNK, OUTCOMES, type Outcome } from '../domain/states.ts'
import { WITHDRAWAL_REASONS, type WithdrawalReason } from '../domain/withdrawal.ts'
import { Batch, Corrected, Count, FindingItem, Instant } from '../engine/batch-shapes.ts'
import { ref } from '../io/http/openapi.ts'
import { ReturnedResult } from '../results/returned/returned-shape.ts'

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
    corrections: Type.Optional(
      Type.Object(
        {
          open: Type.Integer({ minimum: 1 }),
          due_at: Type.String({ format: 'date-time', description: 'When the first is due by law' }),
        },
        {
          additionalProperties: false,
          description: 'Where persons ask for records of yours to be corrected: `GET /v1/corrections`',
        },
      ),
    ),
  },
  { $id: 'BatchPage', additionalProperties: false, description: 'A page of batches' },
)

const OutcomeName = Type.Unsafe<Outcome>({ type: 'string', enum: [...OUTCOMES] })

const Withdrawn = Type.Object(
  {
    batch: Type.String({ description: 'The batch that withdrew it' }),
    reason: Type.Unsafe<WithdrawalReason>({ type: 'string', enum: Object.keys(WITHDRAWAL_REASONS) }),
    title: Type.String({ description: 'The reason, in the language of Accept-Language' }),
    about: Type.Union([Type.String(), Type.Null()], {
      description: 'The batch or snapshot that it was withdrawn with',
    }),
    requested_at: Instant,
  },
  { $id: 'Withdrawn', additionalProperties: false, description: 'That a record was taken back' },
)

export const RecordWay = Type.Object(
  {
    platform: Type.String(),
    dataset: Type.String(),
    entries: Type.Array(
      Type.Object(
        {
          batch: Type.String(),
          line: Type.Integer({ minimum: 1 }),
          kind: Type.String({ description: 'Kind of the batch: a push, or a withdrawal', examples: ['push'] }),
          outcome: OutcomeName,
          corrected_by: Type.Union([Type.String(), Type.Null()], {
            description: 'The later batch that brought this record well, if it was rejected or held',
          }),
          state: Type.String({ description: 'How far the chunk of the entry is', examples: [CHUNK.settled] }),
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
    withdrawn: Type.Union([ref(Withdrawn), Type.Null()], {
      description: 'When and why the record was taken back; null while it stands',
    }),
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
    results: Type.Array(ref(ReturnedResult), {
      description: 'What BPS says of it; empty without the scope results:read',
    }),
    deliveries: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          state: Type.String({ examples: ['acknowledged'] }),
          status: Type.String({ description: 'composed, sent, refused or acknowledged', examples: ['acknowledged'] }),
          attempts: Count,
          last_reason: Type.Union([Type.String(), Type.Null()], { description: 'What the receiver said last' }),
          composed_at: Instant,
          acknowledged_at: Type.Union([Instant, Type.Null()]),
          taken: Type.Union([Type.Boolean(), Type.Null()], {
            description: 'Whether BPS took all of this record, by its receipt; null before there is one',
          }),
          refused: Type.Array(
            Type.Object(
              { subject: Type.String(), code: Type.String(), title: Type.String() },
              { additionalProperties: false },
            ),
            { description: 'What BPS would not take of this record, with its own reason' },
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'RecordWay', additionalProperties: false, description: 'The way of one record' },
)

export const BatchReceipt = Type.Object(
  {
    batch: Type.String(),
    edition: Type.Integer({ minimum: 1, description: 'Rises when entries that were held got another outcome' }),
    size: Type.Integer({ minimum: 1, description: 'Leaves of the tree: the entries of the batch' }),
    root: Type.String({ description: 'Root of the tree (RFC 6962), in base64' }),
    signed_at: Instant,
    checkpoint: Type.String({ description: 'C2SP tlog-checkpoint: a note that the gateway signed by Ed25519' }),
    proof: Type.Optional(Type.String({ description: 'C2SP tlog-proof of one entry, when one was asked for' })),
  },
  { $id: 'BatchReceipt', additionalProperties: false, description: 'The receipt of a settled batch' },
)

const OutcomeCounts = Type.Object(
  { new: Count, updated: Count, unchanged: Count, rejected: Count, held: Count },
  { additionalProperties: false },
)
const DELIVERED = {
  delivered: Type.Integer({
    minimum: 0,
    description: 'New and updated entries that BPS has: their deliveries are acknowledged',
  }),
  open: Type.Integer({
    minimum: 0,
    description: 'New and updated entries whose deliveries are made and not acknowledged',
  }),
  open_deliveries: Count,
  open_since: Type.Union([Instant, Type.Null()], {
    description: 'When the oldest open delivery was made, or reopened',
  }),
}
const SUMS = {
  received: Count,
  chunks: { ...OutcomeCounts, description: 'Outcomes as the chunks count them' },
  ledger: { ...OutcomeCounts, description: 'Outcomes counted afresh, entry by entry' },
  pending: Count,
  corrected: ref(Corrected),
  ...DELIVERED,
  gap: Type.Integer({ description: 'received minus the outcomes of the chunks minus pending' }),
  ledger_gap: Type.Integer({ description: 'received minus the outcomes of the ledger minus pending' }),
  delivery_gap: Type.Integer({ description: 'new plus updated minus delivered minus open' }),
}

export const Conservation = Type.Object(
  {
    gap: Type.Integer({
      minimum: 0,
      description: 'All gaps of all batches, without their signs: 0, or something is wrong',
    }),
    ...DELIVERED,
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
export const REPORT_SHAPES = [BatchPage, FindingPage, Withdrawn, RecordWay, BatchReceipt, Conservation]
