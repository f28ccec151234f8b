import Type, { type Static } from 'typebox'
import { dueAt } from '../clock.ts'
import { type LawfulRight, type PersonRequest, REQUEST_STATES, type RequestState, RIGHTS } from './request.ts'

const closed = { additionalProperties: false }
const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

/** What every request says: why, and when the person asked. */
export const ASKED = {
  reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why; free text, kept sealed' }),
  received_at: Type.Optional(
    Type.String({ format: 'date-time', description: 'When the person asked for it; now, if not given' }),
  ),
}

export const RequestBody = Type.Object(ASKED, { $id: 'RequestBody', ...closed })

export const RequestView = Type.Object(
  {
    id: Type.String(),
    right: Type.Union([Type.Literal('access'), Type.Literal('correction')]),
    subject: Type.String({ description: 'Id of the person' }),
    state: Type.Unsafe<RequestState>({
      type: 'string',
      enum: REQUEST_STATES,
      description:
        '`asked`: another steward has to confirm it. `open`: it is confirmed. `done`: what was asked for was given. `declined`: ' +
        'nothing was done',
    }),
    received_at: Type.String({ format: 'date-time', description: 'When the person asked for it' }),
    due_at: Type.String({ format: 'date-time', description: 'When it is due by law: 3 × 24 hours later' }),
    asked_by: Type.String(),
    asked_at: Type.String({ format: 'date-time' }),
    confirmed_by: Type.Union([Type.String(), Type.Null()]),
    confirmed_at: Moment,
    done_at: Moment,
  },
  { $id: 'PersonRequest', ...closed, description: 'What a person asked for (UU PDP 27/2022)' },
)

export const RequestList = Type.Object(
  {
    requests: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          right: Type.Unsafe<LawfulRight>({ type: 'string', enum: Object.keys(RIGHTS) }),
          subject: Type.String(),
          state: Type.String(),
          received_at: Type.String({ format: 'date-time' }),
          due_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
            description: 'By law; null where it gives no time (erasure)',
          }),
          ended_at: Moment,
          late: Type.Boolean({ description: 'Not ended in time' }),
        },
        closed,
      ),
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: 'The `after` of the next page' }),
  },
  { $id: 'PersonRequests', ...closed },
)

/** Schemas that routes point at by name. */
export const REQUEST_SHAPES = [RequestBody, RequestView, RequestList]

/** A request as the API shows it. */
export function viewOfRequest(request: PersonRequest): Static<typeof RequestView> {
  const { id, about, subject, state, receivedAt, askedBy, askedAt, confirmedBy, confirmedAt, doneAt } = request
  return {
    id,
    right: about,
    subject,
    state,
    received_at: receivedAt.toISOString(),
    due_at: dueAt(receivedAt).toISOString(),
    asked_by: askedBy,
    asked_at: askedAt.toISOString(),
    confirmed_by: confirmedBy,
    confirmed_at: confirmedAt?.toISOString() ?? null,
    done_at: doneAt?.toISOString() ?? null,
  }
}
