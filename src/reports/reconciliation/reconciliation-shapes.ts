import Type, { type Static } from 'typebox'
import { RESULT_STATUSES } from '../../domain/results/result.ts'
import { ref } from '../../io/http/openapi.ts'
import { LISTS } from './lists.ts'

const closed = { additionalProperties: false }
const Count = (description: string) => Type.Integer({ minimum: 0, description })
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

/** What was sent and what BPS says of it, in counts. */
export const Reconciliation = Type.Object(
  {
    platform: Type.String(),
    quarter: Type.String({ examples: ['2026-Q3'] }),
    level: Type.Enum(['individu', 'keluarga']),
    sent: Count('records that the platform has now; the sum of `lists`'),
    lists: Type.Object(
      {
        found: Count('BPS has them as active'),
        'not-found': Count('BPS does not find them'),
        dead: Count('BPS has them as dead'),
        'moved-out': Count('moved to a place outside of the scope, or to one that is not told'),
        'moved-within': Count('moved within the scope of the platform'),
        excluded: Count('excluded from the register, for a reason'),
        unanswered: Count('BPS has said nothing of them in this quarter'),
      },
      closed,
    ),
    moved_in: Count('BPS has them as moved into the scope, and the platform has not sent them'),
    never_sent: Count('BPS has them as active in the scope, and the platform has not sent them'),
    duplicates: Count('persons or families of which one dataset has several records'),
    deliveries: Type.Object(
      {
        composed: Count('deliveries to BPS with records of the platform, composed in the quarter'),
        acknowledged: Count('those that BPS has acknowledged'),
        signed: Count('those that BPS has signed for'),
      },
      { ...closed, description: 'of both levels together' },
    ),
  },
  { ...closed, $id: 'Reconciliation' },
)

/** A line of a list. */
export const ReconciledRecord = Type.Object(
  {
    dataset: OrNull(Type.String({ description: 'null where the platform has no record' })),
    key: OrNull(Type.String({ description: "the platform's own key" })),
    same_as: Type.Array(Type.String(), { description: 'other keys of the dataset that are the same subject' }),
    status: OrNull(Type.Enum([...RESULT_STATUSES])),
    reason: OrNull(Type.String({ description: 'code of the reason' })),
    reason_text: OrNull(Type.String()),
    region: OrNull(Type.String({ description: 'BPS code of the place that BPS lists the subject in' })),
    version: OrNull(Type.String({ description: 'of the DTSEN' })),
    as_of: OrNull(Type.String({ format: 'date' })),
  },
  { ...closed, $id: 'ReconciledRecord' },
)
export type ReconciledRecord = Static<typeof ReconciledRecord>

/** A page of a list. */
export const ReconciliationPage = Type.Object(
  {
    list: Type.Enum([...LISTS]),
    records: Type.Array(ref(ReconciledRecord)),
    next: OrNull(Type.String({ description: 'the `after` of the next page; null at the end' })),
  },
  { ...closed, $id: 'ReconciliationPage' },
)

export const RECONCILIATION_SHAPES = [Reconciliation, ReconciledRecord, ReconciliationPage]
