import Type from 'typebox'
import { FileForm } from '../engine/file-form.ts'
import { ref } from '../io/http/openapi.ts'

const closed = { additionalProperties: false }
const Text = Type.Union([Type.String(), Type.Null()])
const Both = Type.Object({ id: Type.String(), en: Type.String() }, closed)
const Open = Type.Record(Type.String(), Type.Unknown())

const SUMMARY = {
  name: Type.String({ examples: ['carik'] }),
  version: Type.String({ examples: ['1'] }),
  title: Type.String(),
  status: Type.String({ description: '`published`, `reconstructed` or `assumption`' }),
  draft: Type.Boolean({ description: 'Not for new batches yet; it can be previewed' }),
  source: Text,
  format: Type.Object(
    {
      kind: Type.String(),
      delimiter: Type.Optional(Type.String()),
      encodings: Type.Optional(Type.Array(Type.String())),
    },
    closed,
  ),
  levels: Type.Array(Type.String({ examples: ['keluarga'] })),
  versions: Type.Array(Type.Object({ version: Type.String(), draft: Type.Boolean() }, closed)),
}

export const DatasetPage = Type.Object(
  {
    datasets: Type.Array(Type.Object({ ...SUMMARY, columns: Type.Integer(), fields: Type.Integer() }, closed)),
  },
  { $id: 'DatasetPage', ...closed, description: 'The datasets that can be pushed' },
)

const Field = Type.Object(
  {
    key: Type.String({ examples: ['keluarga.jenis_lantai_terluas'] }),
    concept: Both,
    definition: Text,
    classification: Type.Union([Type.String(), Type.Null()], { description: 'Name of the canonical code list' }),
    measure: Type.String({ description: '`category`, `count`, `date` or `text`' }),
    unit: Text,
    question: Type.Union([Type.String(), Type.Null()], { description: 'Number in the questionnaire of Regsosek 2022' }),
    sensitivity: Text,
    note: Text,
    rules: Type.Array(Open, { description: 'How the value is made from columns of the source' }),
  },
  closed,
)

export const DatasetDetail = Type.Object(
  {
    ...SUMMARY,
    reference_date: Type.Union([Open, Type.Null()], { description: 'What day ages and answers refer to' }),
    region: Type.Union([Open, Type.Null()], { description: 'Columns and scheme of the region code' }),
    schema: Type.Unknown({ description: 'JSON Schema (2020-12) of one source record' }),
    columns: Type.Array(Type.Object({ name: Type.String(), becomes: Type.Array(Open) }, closed), {
      description: 'Every column and what becomes of it',
    }),
    fields: Type.Array(Field),
    codelists: Type.Array(Open, { description: 'Local codes and labels with their canonical codes' }),
    rules: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          level: Type.String(),
          severity: Type.String(),
          fields: Type.Array(Type.String()),
          text: Both,
          source: Type.String(),
          findings: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
    examples: Type.Array(Open, { description: 'Made-up records with what becomes of them' }),
  },
  { $id: 'DatasetDetail', ...closed, description: 'A dataset, from the very files that the gateway works by' },
)

const LIST = { name: Type.String({ examples: ['jenis_lantai'] }), title: Both, additive: Type.Boolean() }

export const CodeListPage = Type.Object(
  { codelists: Type.Array(Type.Object({ ...LIST, codes: Type.Integer() }, closed)) },
  { $id: 'CodeListPage', ...closed, description: 'The canonical code lists' },
)

export const CodeListDetail = Type.Object(
  {
    ...LIST,
    source: Text,
    notes: Text,
    codes: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          label: Both,
          exclusive: Type.Boolean({ description: 'In an additive list: never added to others' }),
          merges: Type.Optional(Type.Array(Type.String())),
        },
        closed,
      ),
    ),
    variables: Type.Array(Type.String(), { description: 'Canonical variables that it classifies' }),
  },
  { $id: 'CodeListDetail', ...closed, description: 'A canonical code list' },
)

const Finding = Type.Object({ code: Type.String(), severity: Type.String(), path: Type.String() }, closed)

/** The keys that columns make. */
export const MadeKeys = Type.Object(
  {
    dataset: Type.String(),
    dataset_version: Type.String(),
    entry: Type.Union([Type.String(), Type.Null()], {
      description: 'Key of the entry; null where the columns make none',
    }),
    records: Type.Array(Type.Object({ level: Type.String(), key: Type.String() }, { additionalProperties: false }), {
      description: 'Keys of its families and persons',
    }),
  },
  { $id: 'MadeKeys', ...closed, description: 'The keys that columns make' },
)

export const Preview = Type.Object(
  {
    dataset: Type.String(),
    dataset_version: Type.String(),
    form: Type.Union([ref(FileForm), Type.Null()], { description: 'How the file was read; null for records in JSON' }),
    entries: Type.Array(
      Type.Object(
        {
          line: Type.Integer(),
          member: Type.Union([Type.Integer(), Type.Null()], {
            description: 'Place of the member in its array; null for the record itself',
          }),
          key: Text,
          outcome: Type.String({ description: '`accepted`, `held` or `rejected`' }),
          findings: Type.Array(Finding),
          records: Type.Array(Open, { description: 'Canonical records' }),
        },
        closed,
      ),
    ),
  },
  { $id: 'Preview', ...closed, description: 'What would become of some records' },
)

/** Schemas that other schemas point at by name. */
export const CATALOGUE_SHAPES = [DatasetPage, DatasetDetail, CodeListPage, CodeListDetail, MadeKeys, Preview]
