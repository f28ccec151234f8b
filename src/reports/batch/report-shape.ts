import Type, { type Static } from 'typebox'
import { Batch, Count, Instant } from '../../engine/batch-shapes.ts'
import { FileFinding } from '../../engine/signs/shape.ts'
import { ref } from '../../io/http/openapi.ts'

const SeverityName = Type.Union([Type.Literal('error'), Type.Literal('hold'), Type.Literal('warning')])
const Field = Type.String({
  description: 'Field of the source record, whatever the place in a list; empty for the record as a whole',
  examples: ['/anggota/*/nik'],
})
const Before = Type.Union([Count, Type.Null()], { description: 'Entries of the batch before; null when there is none' })

const FieldCount = Type.Object(
  { field: Field, findings: Count, entries: Count, before: Before },
  { additionalProperties: false },
)

const Example = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    key: Type.Union([Type.String(), Type.Null()], {
      description: "The platform's own key; null where it is not known",
    }),
    path: Type.String(),
    form: Type.Union([Type.String(), Type.Null()], {
      description: 'How the value looks, without what it says: 9 for a digit, a or A for a letter',
      examples: ['9,99999A+99'],
    }),
  },
  { additionalProperties: false },
)

export const BatchReport = Type.Object(
  {
    verdict: Type.String({ description: 'What became of the batch, in a sentence' }),
    batch: ref(Batch),
    before: Type.Union(
      [
        Type.Object(
          { batch: Type.String(), received_at: Instant, received: Count, rejected: Count, held: Count },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { description: "The platform's batch of this dataset before, which the counts are compared with" },
    ),
    causes: Type.Array(
      Type.Object(
        {
          severity: SeverityName,
          code: Type.String({ examples: ['nik-length'] }),
          title: Type.String(),
          mend: Type.String({ description: 'What to do about it' }),
          entries: Type.Integer({ minimum: 0, description: 'Entries that have it, in whatever field' }),
          before: Before,
          fields: Type.Array(FieldCount),
          examples: Type.Array(Example, { maxItems: 3 }),
        },
        { additionalProperties: false },
      ),
      { description: 'What was found, by code: what rejects first, then what holds, the most frequent first' },
    ),
    file: Type.Array(ref(FileFinding), { description: 'What only shows in the file as a whole' }),
    uncounted: Type.Integer({ minimum: 0, description: 'Findings in more fields than are told apart' }),
    quality: Type.Array(
      Type.Object(
        {
          field: Field,
          entries: Type.Integer({ minimum: 0, description: 'Entries with a finding in this field' }),
          score: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the entries without one' }),
          before: Type.Union([Type.Number(), Type.Null()], { description: 'The score in the batch before' }),
        },
        { additionalProperties: false },
      ),
      { description: 'Fields with findings, the worst first; every other field has a score of 1' },
    ),
  },
  { $id: 'BatchReport', additionalProperties: false, description: 'What became of a batch, why, and what to do' },
)

export type BatchReportView = Static<typeof BatchReport>
