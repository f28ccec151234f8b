import Type, { type Static } from 'typebox'
import { DUKCAPIL_ANSWERS, RESULT_STATUSES } from '../../domain/results/result.ts'
import { DecileShape, MembershipShape } from '../read/result-line.ts'

const closed = { additionalProperties: false }
const word = <const Names extends readonly string[]>(names: Names) =>
  Type.Unsafe<Names[number]>({ type: 'string', enum: [...names] })
const Nullable = <Text extends string | null = string | null>(description: string) =>
  Type.Unsafe<Text>(Type.Union([Type.String(), Type.Null()], { description }))

const Columns = Type.Array(Type.Object({ column: Type.String(), value: Type.Unknown() }, closed))

/** A correction in a platform's own columns, or why there is no way back. */
const ReturnedCorrection = Type.Object(
  {
    field: Type.String({ description: 'canonical variable' }),
    value: Type.Union([Type.String(), Type.Number()], { description: 'canonical value, in the national code' }),
    reason: Type.String(),
    reason_text: Type.String(),
    own: Type.Union([Columns, Type.Null()], { description: 'what stands in your own columns then; null: no way back' }),
    when: Type.Optional({ ...Columns, description: 'what must stand in other columns for it to be read so' }),
    changes: Type.Optional(
      Type.Array(Type.String(), {
        description: 'other variables that these columns say as well, and would say otherwise',
      }),
    ),
    no_way_back: Type.Optional(Type.String({ description: 'code of why there is none' })),
    no_way_back_text: Type.Optional(Type.String()),
    nearest: Type.Optional(Type.Object({ column: Type.String(), value: Type.Unknown() }, closed)),
  },
  closed,
)

/** What BPS says of one source record of a platform, in its own keys, columns and codes. */
export const ReturnedResult = Type.Object(
  {
    dataset: Type.String({ examples: ['carik'] }),
    key: Type.String({ description: "the platform's own key of the record" }),
    level: word(['keluarga', 'individu']),
    subject: Type.String({ description: 'id of the person or family, as it is by now' }),
    version: Type.String({ description: 'of the DTSEN' }),
    as_of: Type.String({ format: 'date' }),
    returned_at: Type.String({ format: 'date-time', description: 'when the result took effect here' }),
    status: word(RESULT_STATUSES),
    reason: Nullable('code of the reason of a status other than active'),
    reason_text: Nullable('the reason in words, in the language of Accept-Language'),
    dukcapil: Type.Union([word(DUKCAPIL_ANSWERS), Type.Null()]),
    deciles: Type.Array(DecileShape),
    memberships: Type.Array(MembershipShape),
    corrections: Type.Array(ReturnedCorrection),
    mend: Type.Array(
      Type.Object(
        {
          field: Type.Union([Type.String(), Type.Null()]),
          columns: Type.Array(Type.String(), { description: 'your own columns of it' }),
          reason: Type.String(),
          reason_text: Type.String(),
        },
        closed,
      ),
    ),
    same_as: Type.Array(Type.Object({ dataset: Type.String(), key: Type.String() }, closed), {
      description: 'your other records that were found to be this one person or family',
    }),
  },
  { $id: 'ReturnedResult', ...closed, description: 'What BPS says of one of your source records' },
)
export type ReturnedResult = Static<typeof ReturnedResult>
