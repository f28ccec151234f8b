import Type, { type Static } from 'typebox'
import { ERASURE_STATES, type Erasure, type ErasureState } from './erasure.ts'

const closed = { additionalProperties: false }
const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

export const ErasureBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why; free text, kept sealed' }) },
  { $id: 'ErasureBody', ...closed },
)

export const ErasureView = Type.Object(
  {
    id: Type.String(),
    subject: Type.String({ description: 'Id of the person; once it is done it leads to nothing' }),
    state: Type.Unsafe<ErasureState>({
      type: 'string',
      enum: ERASURE_STATES,
      description:
        '`asked`: another steward has to confirm it. `taking`: the records are taken away, BPS is told. `destroying`: what holds ' +
        'the person is destroyed. `done`: a certificate is signed. `declined`: nothing was done',
    }),
    asked_by: Type.String(),
    asked_at: Type.String({ format: 'date-time' }),
    confirmed_by: Type.Union([Type.String(), Type.Null()]),
    confirmed_at: Moment,
    batches: Type.Array(Type.String(), { description: 'The withdrawals by which BPS is told' }),
    waiting: Type.Integer({
      description: 'Chunks that are not settled, and deliveries that BPS has not acknowledged, at the last look',
    }),
    destroyed: Type.Object(
      {
        records: Type.Integer({ description: 'Source records' }),
        entries: Type.Integer({ description: 'Entries, as they came and as they were cleaned' }),
        deliveries: Type.Integer({ description: 'Deliveries whose bytes are destroyed' }),
        results: Type.Integer({ description: 'Results of BPS' }),
      },
      closed,
    ),
    done_at: Moment,
    certificate: Type.Union([Type.String(), Type.Null()], {
      description: 'A C2SP signed note of the sums above, by the key that signs deliveries',
    }),
  },
  { $id: 'Erasure', ...closed, description: 'The erasure of a person (UU PDP 27/2022), as it stands' },
)

/** Schemas that routes point at by name. */
export const ERASURE_SHAPES = [ErasureBody, ErasureView]

/** An erasure as the API shows it. */
export function viewOfErasure(erasure: Erasure): Static<typeof ErasureView> {
  const { records, entries, deliveries, results } = erasure
  return {
    id: erasure.id,
    subject: erasure.subject,
    state: erasure.state,
    asked_by: erasure.askedBy,
    asked_at: erasure.askedAt.toISOString(),
    confirmed_by: erasure.confirmedBy,
    confirmed_at: erasure.confirmedAt?.toISOString() ?? null,
    batches: erasure.batches,
    waiting: erasure.waiting,
    destroyed: { records, entries, deliveries, results },
    done_at: erasure.doneAt?.toISOString() ?? null,
    certificate: erasure.certificate,
  }
}
