import Type, { type Static } from 'typebox'
import { dueAt } from '../clock.ts'
import { RESTRICTION_STATES, type Restriction, type RestrictionState } from './restriction.ts'

const closed = { additionalProperties: false }
const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const Who = Type.Union([Type.String(), Type.Null()])

export const RestrictionBody = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why; free text, kept sealed' }),
    received_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the person asked for it; now, if not given' }),
    ),
  },
  { $id: 'RestrictionBody', ...closed },
)

export const LiftBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why; free text, kept sealed' }) },
  { $id: 'LiftBody', ...closed },
)

export const RestrictionView = Type.Object(
  {
    id: Type.String(),
    subject: Type.String({ description: 'Id of the person' }),
    state: Type.Unsafe<RestrictionState>({
      type: 'string',
      enum: RESTRICTION_STATES,
      description:
        '`asked`: another steward has to confirm it. `held`: nothing of the person goes out. `lifting`: it holds until another ' +
        'steward confirms that it is lifted. `lifted`: what came meanwhile goes out. `declined`: nothing was done',
    }),
    received_at: Type.String({ format: 'date-time', description: 'When the person asked for it' }),
    due_at: Type.String({ format: 'date-time', description: 'When it has to be held by law: 3 × 24 hours later' }),
    asked_by: Type.String(),
    asked_at: Type.String({ format: 'date-time' }),
    confirmed_by: Who,
    confirmed_at: Moment,
    lift_asked_by: Who,
    lift_asked_at: Moment,
    lifted_by: Who,
    lifted_at: Moment,
    batches: Type.Array(Type.String(), {
      description: 'The batches by which BPS is told, the first of the restriction',
    }),
  },
  { $id: 'Restriction', ...closed, description: 'The restriction of the use of a person’s data (UU PDP 27/2022, 41)' },
)

/** Schemas that routes point at by name. */
export const RESTRICTION_SHAPES = [RestrictionBody, LiftBody, RestrictionView]

/** A restriction as the API shows it. */
export function viewOfRestriction(restriction: Restriction): Static<typeof RestrictionView> {
  const { id, subject, state, receivedAt, askedAt, confirmedAt, liftAskedAt, liftedAt, batches } = restriction
  return {
    id,
    subject,
    state,
    received_at: receivedAt.toISOString(),
    due_at: dueAt(receivedAt).toISOString(),
    asked_by: restriction.askedBy,
    asked_at: askedAt.toISOString(),
    confirmed_by: restriction.confirmedBy,
    confirmed_at: confirmedAt?.toISOString() ?? null,
    lift_asked_by: restriction.liftAskedBy,
    lift_asked_at: liftAskedAt?.toISOString() ?? null,
    lifted_by: restriction.liftedBy,
    lifted_at: liftedAt?.toISOString() ?? null,
    batches,
  }
}
