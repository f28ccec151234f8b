import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }
const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = Type.Union([Moment, Type.Null()])

const ShownField = Type.Object(
  {
    field: Type.String({ description: 'Canonical variable' }),
    label: Type.String({ description: 'Its name in Indonesian' }),
    value: Type.Union([Type.String(), Type.Number()]),
    meaning: Type.Union([Type.String(), Type.Null()], { description: 'Of a code: what it says, in Indonesian' }),
  },
  closed,
)

const ShownSource = Type.Object(
  {
    level: Type.Union([Type.Literal('individu'), Type.Literal('keluarga')]),
    platform: Type.String(),
    platform_title: Type.String(),
    dataset: Type.String(),
    key: Type.String({ description: 'Under which the platform knows the record' }),
    as_of: Type.Union([Type.String(), Type.Null()]),
    received_at: MomentOrNull,
    agreement: Type.Union([Type.String(), Type.Null()]),
    purpose: Type.Union([Type.String(), Type.Null()]),
    legal_basis: Type.Array(Type.String()),
    fields: Type.Array(ShownField),
    others: Type.Record(Type.String(), Type.Unknown(), { description: 'Values without a canonical name' }),
  },
  closed,
)

export const AccessReport = Type.Object(
  {
    request: Type.String(),
    person: Type.String(),
    made_at: Moment,
    notice: Type.String({ description: 'What this is, in Indonesian' }),
    merged: Type.Array(ShownField, { description: 'What the records below were merged to' }),
    records: Type.Array(ShownSource, { description: 'What is held, and from whom' }),
    seen: Type.Array(
      Type.Object(
        {
          at: Moment,
          by: Type.String({ description: 'Client that read' }),
          what: Type.String({ description: 'In Indonesian' }),
          of: Type.String(),
          purpose: Type.Union([Type.String(), Type.Null()]),
        },
        closed,
      ),
      { description: 'Who saw the person, by the audit log' },
    ),
    seen_with_others: Type.Array(
      Type.Object(
        { by: Type.String(), what: Type.String(), times: Type.Integer(), first: Moment, last: Moment },
        closed,
      ),
      { description: 'Readings of very many persons at once, of which this one may have been among' },
    ),
    sent: Type.Array(
      Type.Object(
        {
          delivery: Type.String(),
          to: Type.String(),
          dataset: Type.String(),
          told: Type.Array(Type.String(), { description: 'Kinds of lines' }),
          composed_at: Moment,
          acknowledged_at: MomentOrNull,
        },
        closed,
      ),
      { description: 'What was sent to BPS' },
    ),
    laid_out: Type.Array(Type.Object({ platform: Type.String(), title: Type.String(), since: Moment }, closed), {
      description: 'The platforms that results about the person are laid out for',
    }),
    came_back: Type.Array(
      Type.Object(
        {
          version: Type.String(),
          as_of: Type.String(),
          status: Type.String(),
          applied_at: Moment,
          overtaken_at: MomentOrNull,
          said: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
            description: 'Null where it is past its retention',
          }),
        },
        closed,
      ),
      { description: 'What BPS said of the person' },
    ),
  },
  { $id: 'AccessReport', ...closed, description: 'All that is held of a person (UU PDP 27/2022, article 32)' },
)
export type AccessReport = Static<typeof AccessReport>

/** Schemas that routes point at by name. */
export const ACCESS_SHAPES = [AccessReport]
