import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { DTSEN_FILES } from '../domain/results/result.ts'
import { ref } from '../io/http/openapi.ts'
import { ResultLine } from '../results/read/result-line.ts'
import { securitySchemes } from '../trust/access/access.ts'
import type { CatalogueRegistry } from './catalogue.ts'
import { addExamples } from './document-examples.ts'
import { markOptionalBodies } from './optional-bodies.ts'

/** What the document says of a dataset: its name, the JSON Schema of one source record, and records of it that are known to fit. */
type DocumentedDataset = {
  name: string
  version: string
  format: { kind: 'ndjson' | 'csv' }
  schema: object
  records: readonly unknown[]
}

const DESCRIPTION = [
  'Integration gateway between regional platforms and BPS. A platform pushes batches of its own records, gets one answer for',
  'each record by its own key, and reads the way of each. Errors are problems (RFC 9457), in Indonesian, or in English',
  'by `Accept-Language`; each `type` is an address that explains it. An operation with several forms answers in the one that',
  '`Accept` likes best, or 406; one with a single form answers in it. Before any operation is reached a request may be refused with',
  '400, 408 (too slow), 417 (another `Expect` than `100-continue`), 431 (headers too large) or 501 (a transfer coding that is',
  'not `chunked`).',
  '\n\nWhat changes: an operation, a parameter, or a field of an answer may come at any time, so pass over fields that you do not know. What you',
  'use is not taken away or given another meaning under `/v1`: it is marked `deprecated` here and in the change log first, answers with',
  '`Deprecation` and `Sunset` (RFC 9745, RFC 8594) for at least 12 months, and goes with `/v2`. New codes of findings, problems and events are no',
  'such change: treat one that you do not know by its severity or status.',
].join(' ')

const TAGS = [
  { name: 'trust', description: 'Access tokens and public keys' },
  { name: 'batches', description: 'Push batches and see what became of them' },
  { name: 'submissions', description: 'Files that belong together, received as one; small posts into one open batch' },
  { name: 'uploads', description: 'Uploads that go on at the byte where they broke off (tus 1.0.0)' },
  { name: 'catalogue', description: 'What can be pushed: layouts, fields, code lists, rules; and trying it out' },
  { name: 'records', description: "One record's whole way" },
  { name: 'persons', description: 'What a person is made of, and parting what was merged' },
  { name: 'subjects', description: 'Rights of a person over what is held (UU PDP 27/2022)' },
  { name: 'conservation', description: 'Received = new + updated + unchanged + rejected + held + pending' },
  { name: 'deliveries', description: 'For BPS: cleaned, merged packages by cursor' },
  { name: 'results', description: 'What BPS says of subjects, and what comes home to each platform' },
  { name: 'webhooks', description: 'Being told: what is sent is in openapi/webhooks.yaml' },
  { name: 'ops', description: 'For operators' },
]

/** Options of @fastify/swagger: what the OpenAPI document holds beside the routes; `basePath` is the path of the public address. */
export function documentOptions(
  registry: Pick<CatalogueRegistry, 'datasets'>,
  basePath: string,
): FastifyDynamicSwaggerOptions {
  const datasets = documented(registry)
  const records = Object.fromEntries(datasets.map((dataset) => [recordComponent(dataset), recordSchema(dataset)]))
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Titian',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: basePath === '' ? '/' : basePath }],
      tags: TAGS,
      components: { securitySchemes: securitySchemes(basePath), schemas: records },
    } as NonNullable<FastifyDynamicSwaggerOptions['openapi']>,
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`),
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return {}
      markOptionalBodies(document.openapiObject)
      addExamples(document.openapiObject)
      return document.openapiObject
    },
    transform: ({ schema = {}, url }) => {
      const body = bodyOf(schema.operationId, datasets)
      return { schema: body === undefined ? schema : { ...schema, body }, url }
    },
  }
}

/** The version of each dataset that new batches get, by name. */
function documented({ datasets }: Pick<CatalogueRegistry, 'datasets'>): DocumentedDataset[] {
  return [...datasets.values()]
    .map(({ name, version, format, folder }) => ({
      ...{ name, version, format, schema: folder.schema.value as object },
      records: folder.examples.flatMap(({ value }) => {
        const { in: record, out } = value as { in?: unknown; out?: unknown }
        return record !== undefined && out !== undefined ? [record] : []
      }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function recordComponent({ name }: DocumentedDataset): string {
  return `record-${name}`
}

function recordSchema({ name, version, schema, records }: DocumentedDataset): object {
  const { $schema: _, $id: __, ...rest } = schema as Record<string, unknown>
  const examples = records.slice(0, 1)
  return {
    title: `One source record of ${name}, version ${version}`,
    ...rest,
    ...(examples.length > 0 && { examples }),
  }
}

/** An upload is a stream that no route schema sees; the document says what is in it all the same. */
function bodyOf(operation: string | undefined, datasets: readonly DocumentedDataset[]): object | undefined {
  if (operation === 'submitBatch') return recordBody(datasets)
  return operation === 'postResults' ? resultBody(datasets) : undefined
}

function resultBody(datasets: readonly DocumentedDataset[]): object {
  const lines = (description: string) => ({ schema: { type: 'array', items: ref(ResultLine), description } })
  const files = recordsOf(datasets.filter(({ name }) => DTSEN_FILES.some((file) => file === name)))
  return {
    content: {
      'application/x-ndjson': lines('One result a line'),
      'application/json': lines('One JSON array of results'),
      'text/csv': { schema: { type: 'array', items: files, description: 'A file of the DTSEN, named by `format`' } },
    },
  }
}

function recordBody(datasets: readonly DocumentedDataset[]): object {
  const lines = recordsOf(datasets.filter(({ format }) => format.kind === 'ndjson'))
  const rows = recordsOf(datasets.filter(({ format }) => format.kind === 'csv'))
  const array = (items: object, description: string) => ({ schema: { type: 'array', items, description } })
  return {
    content: {
      'application/x-ndjson': array(lines, 'One record a line'),
      'application/json': array(lines, 'One JSON array of records'),
      'text/csv': array(
        rows,
        'With a header; each row is a record of texts by column. The delimiter is that of the dataset',
      ),
    },
  }
}

function recordsOf(datasets: readonly DocumentedDataset[]): object {
  const [first, ...others] = datasets.map((dataset) => ({ $ref: `#/components/schemas/${recordComponent(dataset)}` }))
  return others.length === 0 ? (first ?? {}) : { anyOf: [first, ...others] }
}
