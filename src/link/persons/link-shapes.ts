import Type, { type Static } from 'typebox'
import { FREE_TEXT } from '../../domain/free-text.ts'
import { ref } from '../../io/http/openapi.ts'
import { OverrideShape } from '../score/override-shape.ts'

const closed = { additionalProperties: false }
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Bits = Type.Number({ description: 'Evidence in bits: above 0 one person is likelier than two' })

export const PERSON_ID = '^per_[0-9a-z]{26}$'

/** A source record by the platform's own key. */
export const RecordReference = Type.Object(
  {
    platform: Type.String({ minLength: 1, examples: ['carik-jakarta'] }),
    dataset: Type.String({ minLength: 1, examples: ['carik'] }),
    source_key: Type.String({ minLength: 1, maxLength: 512, description: "The platform's own key of the person" }),
  },
  { $id: 'RecordReference', ...closed },
)
export type RecordReference = Static<typeof RecordReference>

const FieldEvidence = Type.Object(
  { field: Type.String({ examples: ['name'] }), level: Type.String({ examples: ['close'] }), bits: Bits },
  closed,
)

const PersonSource = Type.Object(
  {
    at: Type.Integer({ minimum: 0, description: 'Place of this source in the list, which edges name' }),
    platform: Type.String(),
    dataset: Type.String(),
    as_of: nullable(Type.String()),
    source_key: nullable(Type.String({ description: "The platform's own key; null unless the caller is a steward" })),
    former: nullable(Type.String({ description: 'The person that this record was before a merge' })),
  },
  closed,
)

const PersonEdge = Type.Object(
  {
    a: Type.Integer({ minimum: 0 }),
    b: Type.Integer({ minimum: 0 }),
    bits: Bits,
    decided: nullable(Type.Union([Type.Literal('same'), Type.Literal('different')])),
    fields: Type.Array(FieldEvidence),
  },
  closed,
)

const Conflict = Type.Object(
  {
    field: Type.String({ examples: ['tanggal_lahir'] }),
    sources: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Places of the sources that state the field' }),
    stands: Type.Integer({ minimum: 0, description: 'The source whose value stands' }),
    values: nullable(
      Type.Array(Type.Union([Type.String(), Type.Number()]), {
        description: 'What they state; null unless the caller is a steward',
      }),
    ),
  },
  closed,
)

export const PersonView = Type.Object(
  {
    id: Type.String({ pattern: PERSON_ID }),
    asked: Type.String({ description: 'The id that was asked for; another one if it was merged' }),
    family: nullable(Type.String()),
    version: Type.Integer({ minimum: 0 }),
    redirects: Type.Array(Type.String(), { description: 'Ids that lead here: persons that were found to be this one' }),
    sources: Type.Array(PersonSource),
    origin: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'For each canonical field the place of the source that its value comes from',
    }),
    record: nullable(
      Type.Object(
        {},
        { additionalProperties: true, description: 'The golden record; null unless the caller is a steward' },
      ),
    ),
    edges: Type.Array(PersonEdge, { description: 'How each two sources agree' }),
    conflicts: Type.Array(Conflict),
  },
  { $id: 'PersonView', ...closed },
)

export const Unmerge = Type.Object(
  {
    leaving: Type.Array(ref(RecordReference), {
      minItems: 1,
      maxItems: 1000,
      description: 'Source records that are somebody else',
    }),
    reason: Type.String({ minLength: 3, maxLength: 500, pattern: FREE_TEXT, description: 'Why; it is kept sealed' }),
  },
  { $id: 'Unmerge', ...closed },
)

export const Unmerging = Type.Object(
  {
    batch: Type.Union([Type.String(), Type.Null()], {
      description:
        'The batch by which the registry follows and BPS is told; null while a second steward has to ask for the same',
    }),
  },
  { $id: 'Unmerging', ...closed },
)

export const Judging = Type.Object(
  {
    batch: Type.String({ description: 'The batch by which the registry follows and BPS is told' }),
    records: Type.Integer({ minimum: 0, description: 'Records that are judged again' }),
  },
  { $id: 'Judging', ...closed },
)

const Reference = Type.Union([
  ref(RecordReference),
  Type.Object({ person: Type.String({ pattern: PERSON_ID }) }, closed),
])

export const ExplainRequest = Type.Object({ a: Reference, b: Reference }, { $id: 'ExplainRequest', ...closed })

export const Explanations = Type.Object(
  {
    model: Type.String(),
    thresholds: Type.Object(
      {
        same: Type.Number({ description: 'Bits from which two records are one person' }),
        unsure: Type.Number({ description: 'Bits from which a steward is asked, the more the larger the registry is' }),
        apart: Type.Number({ description: 'Bits at or under which two records keep two groups from being one person' }),
      },
      closed,
    ),
    prior: Type.Number({ description: 'Bits before anything is compared; the fields of a pair add to it' }),
    one_person: Type.Boolean({ description: 'Whether they are one person by now' }),
    pairs: Type.Array(
      Type.Object(
        {
          a: Type.Object({ platform: Type.String(), dataset: Type.String(), person: Type.String() }, closed),
          b: Type.Object({ platform: Type.String(), dataset: Type.String(), person: Type.String() }, closed),
          bits: Bits,
          verdict: Type.Union([Type.Literal('same'), Type.Literal('unsure'), Type.Literal('different')]),
          cap: OverrideShape,
          decided: nullable(Type.Union([Type.Literal('same'), Type.Literal('different')])),
          fields: Type.Array(FieldEvidence),
        },
        closed,
      ),
      { description: 'Pairs of source records, the strongest evidence first' },
    ),
  },
  { $id: 'Explanations', ...closed },
)

export const LINK_SHAPES = [RecordReference, PersonView, Unmerge, Unmerging, Judging, ExplainRequest, Explanations]

/** How a field agrees, as the API tells it: a match weight is counted in bits. */
export function shownField({ field, level, weight }: { field: string; level: string; weight: number }) {
  return { field, level, bits: weight }
}
