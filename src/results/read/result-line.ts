import Type, { type Static } from 'typebox'
import { DECILE_LEVELS, DTSEN_VERSION, DUKCAPIL_ANSWERS, RESULT_STATUSES } from '../../domain/results/result.ts'

const closed = { additionalProperties: false }
const words = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>({ type: 'string', enum: [...names], description })
const Code = Type.String({ minLength: 1, maxLength: 40, description: 'code of a catalogue' })
const Day = Type.String({ format: 'date' })
const FieldName = Type.String({ minLength: 1, maxLength: 80, description: 'canonical variable of the level' })

export const DecileShape = Type.Object(
  {
    level: words(DECILE_LEVELS, 'over which region it was ranked'),
    value: Type.Integer({ minimum: 1, maximum: 10, description: '1 is the poorest tenth' }),
    version: Type.String({ pattern: DTSEN_VERSION }),
    period: Type.String({ maxLength: 10, description: 'year and quarter', examples: ['2026-Q3'] }),
  },
  closed,
)

export const MembershipShape = Type.Object(
  { programme: Code, from: Day, to: Type.Union([Day, Type.Null()]) },
  { ...closed, description: 'dates are inclusive; `to` is null while it lasts' },
)

/** One line of `POST /v1/results`. */
export const ResultLine = Type.Object(
  {
    subject: Type.Optional(
      Type.String({ pattern: '^(per|fam)_[0-9a-z]{26}$', description: 'our id of the person or family' }),
    ),
    nik: Type.Optional(Type.String({ maxLength: 40, description: 'or the NIK of a person' })),
    no_kk: Type.Optional(Type.String({ maxLength: 40, description: 'or the No. KK of a family' })),
    version: Type.String({ pattern: DTSEN_VERSION, description: 'of the DTSEN', examples: ['2026-Q3'] }),
    as_of: Type.String({ format: 'date', description: 'the date that it holds for' }),
    status: words(RESULT_STATUSES, 'what the register says of the subject'),
    reason: Type.Optional(Type.Union([Code, Type.Null()])),
    dukcapil: Type.Optional(
      Type.Union([words(DUKCAPIL_ANSWERS, 'what the civil registry says of NIK and name'), Type.Null()]),
    ),
    deciles: Type.Optional(Type.Array(DecileShape, { maxItems: 3 })),
    memberships: Type.Optional(Type.Array(MembershipShape, { maxItems: 100 })),
    corrections: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: FieldName,
            value: Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Number()]),
            reason: Code,
          },
          closed,
        ),
        { maxItems: 200 },
      ),
    ),
    mend: Type.Optional(
      Type.Array(Type.Object({ field: Type.Optional(FieldName), reason: Code }, closed), { maxItems: 200 }),
    ),
    region: Type.Optional(
      Type.String({
        pattern: '^[0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?$',
        description: 'BPS code of where it is listed',
      }),
    ),
  },
  { $id: 'ResultLine', ...closed, description: 'What BPS says of one subject, named in one of three ways' },
)
export type ResultLine = Static<typeof ResultLine>
