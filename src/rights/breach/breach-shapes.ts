import Type, { type Static } from 'typebox'
import { dueAt } from '../clock.ts'
import { BREACH_STATES, type Breach, type BreachSaid, type BreachState, noticeOf } from './breach.ts'

const closed = { additionalProperties: false }
const Instant = Type.String({ format: 'date-time' })
const Moment = Type.Union([Instant, Type.Null()])
const Text = (description: string) => Type.String({ minLength: 1, maxLength: 4000, description })

export const BreachBody = Type.Object(
  {
    known_at: Type.String({ format: 'date-time', description: 'When somebody knew of it: the clock runs from then' }),
    data: Text('Which personal data was disclosed'),
    how: Text('When and how it came about'),
    handling: Text('What is done about it, and to recover'),
    client: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description:
          'Client, or account of a person, whose readings are concerned, by the audit log; of a client that acts for a person all that the person read',
      }),
    ),
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'The first reading of the client that counts' }),
    ),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'The last reading of the client that counts' })),
    batches: Type.Optional(
      Type.Array(Type.String({ pattern: '^bat_[0-9a-z]{26}$' }), {
        maxItems: 1000,
        uniqueItems: true,
        description: 'Batches all of whose records are concerned',
      }),
    ),
  },
  { $id: 'BreachBody', ...closed },
)

export const BreachView = Type.Object(
  {
    id: Type.String(),
    state: Type.Unsafe<BreachState>({
      type: 'string',
      enum: BREACH_STATES,
      description: '`open`: the notice has to be given. `told`: it was. `closed`: nothing is left to be done',
    }),
    known_at: Instant,
    due_at: Type.String({
      format: 'date-time',
      description: 'When the notice has to be given by law: 3 × 24 hours later',
    }),
    late: Type.Boolean(),
    subjects: Type.Integer({ description: 'Persons and families that are concerned for certain' }),
    platforms: Type.Array(Type.String(), { description: 'All of whose records may be concerned; `*` is everybody’s' }),
    client: Type.Union([Type.String(), Type.Null()]),
    batches: Type.Array(Type.String()),
    opened_by: Type.String(),
    told_at: Moment,
    closed_at: Moment,
    notice: Type.String({ description: 'The written notice of article 46, in Indonesian' }),
  },
  { $id: 'Breach', ...closed, description: 'A breach of the protection of personal data (UU PDP 27/2022, article 46)' },
)

export const BreachList = Type.Object({ breaches: Type.Array(BreachView) }, { $id: 'Breaches', ...closed })

/** Schemas that routes point at by name. */
export const BREACH_SHAPES = [BreachBody, BreachView, BreachList]

/** A breach as the API shows it; a platform is not told which client read, nor what others pushed. */
export function viewOfBreach(
  breach: Breach,
  said: BreachSaid,
  { contact, now, platform }: { contact: string; now: Date; platform: string | null },
): Static<typeof BreachView> {
  const { id, state, knownAt, subjects, platforms, client, batches, openedBy, toldAt, closedAt } = breach
  const due = dueAt(knownAt)
  const isAll = platform === null
  return {
    id,
    state,
    known_at: knownAt.toISOString(),
    due_at: due.toISOString(),
    late: (toldAt ?? now) > due,
    subjects,
    platforms: isAll ? platforms : platforms.filter((one) => one === '*' || one === platform),
    client: isAll ? client : null,
    batches: isAll ? batches : [],
    opened_by: isAll ? openedBy : 'titian',
    told_at: toldAt?.toISOString() ?? null,
    closed_at: closedAt?.toISOString() ?? null,
    notice: noticeOf(breach, said, { due, contact }),
  }
}
