import Type, { type Static } from 'typebox'
import { PLATFORM_NAME } from '../../domain/platform.ts'
import { ASKED, RequestView } from '../requests/request-shapes.ts'
import { CORRECTION_STATES, type CorrectionState } from './correction.ts'

const closed = { additionalProperties: false }
const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const State = Type.Unsafe<CorrectionState>({
  type: 'string',
  enum: CORRECTION_STATES,
  description:
    '`open`: the source has been asked. `corrected`: it has sent something else in every field. `withdrawn`: it has taken the record ' +
    'back. `kept`: it says that the record is right',
})

export const CorrectionBody = Type.Object(
  {
    ...ASKED,
    fields: Type.Array(Type.String({ pattern: '^[a-z0-9_]{1,80}$' }), {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      description: 'Canonical variables of persons that are wrong',
    }),
    statement: Type.String({
      minLength: 1,
      maxLength: 2000,
      description: 'What the person says is right; kept sealed, told to the source alone',
    }),
    platform: Type.Optional(
      Type.String({
        pattern: `^${PLATFORM_NAME}$`,
        description: 'Only this source; all that state one of them, if not given',
      }),
    ),
  },
  { $id: 'CorrectionBody', ...closed },
)

export const CorrectionRequestView = Type.Object(
  {
    ...RequestView.properties,
    tasks: Type.Array(
      Type.Object(
        { id: Type.String(), platform: Type.String(), dataset: Type.String(), state: State, closed_at: Moment },
        closed,
      ),
      { description: 'What the sources were asked for' },
    ),
  },
  {
    $id: 'CorrectionRequest',
    ...closed,
    description: 'What a person asks to be corrected (UU PDP 27/2022, article 30)',
  },
)

export const Corrections = Type.Object(
  {
    corrections: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          dataset: Type.String(),
          state: State,
          opened_at: Type.String({ format: 'date-time' }),
          due_at: Type.String({ format: 'date-time', description: 'By law: 3 × 24 hours after the person asked' }),
          late: Type.Boolean(),
          closed_at: Moment,
          key: Type.Union([Type.String(), Type.Null()], {
            description: 'Your own key of the record; null once it is closed',
          }),
          fields: Type.Array(Type.String(), { description: 'Canonical variables that are wrong' }),
          statement: Type.Union([Type.String(), Type.Null()], { description: 'What the person says is right' }),
        },
        closed,
      ),
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: 'The `after` of the next page' }),
  },
  { $id: 'Corrections', ...closed },
)
export type Corrections = Static<typeof Corrections>

export const KeepBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2000, description: 'Why it is right as it is; kept sealed' }) },
  { $id: 'KeepBody', ...closed },
)

/** Schemas that routes point at by name. */
export const CORRECTION_SHAPES = [CorrectionBody, CorrectionRequestView, Corrections, KeepBody]
