import { readFileSync } from 'node:fs'
import fc from 'fast-check'

/** As much of JSON Schema as the document of the gateway uses. */
type Schema = {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  pattern?: string
  format?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}
type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }
type Content = Record<string, { schema?: Schema }>
export type Operation = {
  method: string
  path: string
  parameters: Parameter[]
  security: Record<string, string[]>[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
/** One request as it goes out. */
export type Attempt = { operation: Operation; url: string; headers: Record<string, string>; body: string | undefined }

type Document = {
  paths: Record<string, Record<string, Partial<Operation>>>
  components: { schemas: Record<string, Schema> }
}

const DOCUMENT = JSON.parse(readFileSync(new URL('../../openapi/gateway.json', import.meta.url), 'utf8')) as Document

/** Every operation of the committed document. */
export const OPERATIONS: readonly Operation[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [], security = [], responses = {}, ...rest }]) => ({
    ...rest,
    method: method.toUpperCase(),
    path,
    parameters,
    security,
    responses,
  })),
)

/** Texts that have broken servers before. */
const NASTY = fc.constantFrom(
  '',
  ' ',
  '\0',
  '%',
  '%00',
  '%zz',
  '..',
  '../../etc/passwd',
  '.',
  "' or 1=1 --",
  '-1',
  '0',
  '2147483647',
  '2147483648.0.0',
  '9223372036854775808',
  '1e999',
  'NaN',
  'null',
  '__proto__',
  'constructor',
  '\ud800',
  '😀',
  '\r\nx: y',
  'x'.repeat(600),
  '[]',
  '{}',
)
const TEXT = fc.oneof(NASTY, fc.string(), fc.string({ unit: 'binary', maxLength: 40 }))

/** Any request of an operation, more or less as the document has it. */
export function attempts(operation: Operation, known: readonly string[]): fc.Arbitrary<Attempt> {
  const given = (place: Parameter['in']) =>
    fc.tuple(
      ...operation.parameters
        .filter((one) => one.in === place)
        .map(({ name, required, schema }) =>
          fc.tuple(
            fc.constant(name),
            required ? valuesOf(schema, known) : fc.option(valuesOf(schema, known), { freq: 2 }),
          ),
        ),
    )
  const stray = fc.oneof(
    { arbitrary: fc.constant(null), weight: 12 },
    fc.tuple(fc.constantFrom('limt', 'x', 'lang'), TEXT),
  )
  return fc
    .tuple(given('path'), given('query'), stray, given('header'), negotiation(), bodies(operation, known))
    .map(([path, query, extra, headers, asked, body]) => {
      let url = operation.path
      for (const [name, value] of path) url = url.replace(`{${name}}`, encoded(String(value)))
      const pairs = [...query.filter(([, value]) => value !== null), ...(extra === null ? [] : [extra])]
      const search = pairs.map(([name, value]) => `${name}=${encoded(String(value))}`).join('&')
      return {
        operation,
        url: search === '' ? url : `${url}?${search}`,
        headers: {
          ...Object.fromEntries(headers.flatMap(([name, value]) => (value === null ? [] : [[name, visible(value)]]))),
          ...asked,
          ...(body.type !== undefined && { 'content-type': body.type }),
        },
        body: operation.method === 'GET' ? undefined : body.text,
      }
    })
}

function negotiation(): fc.Arbitrary<Record<string, string>> {
  const accept = fc.constantFrom('*/*', 'text/csv', 'application/x-ndjson;q=0.5, */*;q=0.1', 'image/png', 'a;q=x', '')
  const language = fc.constantFrom('in', 'en;q=0.5, *', 'id;q=0', ';;;')
  const encoding = fc.constantFrom('zstd', 'identity;q=0', '*;q=0', 'gzip')
  const tags = fc.constantFrom('*', '"a", W/"b"', 'a', '""')
  return fc
    .record(
      { accept, 'accept-language': language, 'accept-encoding': encoding, 'if-none-match': tags, 'if-match': tags },
      { requiredKeys: [] },
    )
    .chain((headers) => fc.constantFrom({}, {}, { ...headers }))
}

function bodies({ requestBody }: Operation, known: readonly string[]): fc.Arbitrary<{ type?: string; text?: string }> {
  const documented = Object.entries(requestBody?.content ?? {}).map(([type, { schema = {} }]) =>
    valuesOf(schema, known).map((value) => ({ type, text: written(type, value) })),
  )
  const types = [...Object.keys(requestBody?.content ?? {}), 'application/json', 'text/xml', 'text/plain', 'x']
  const any = fc.record({ type: fc.constantFrom(...types), text: fc.oneof(TEXT, fc.json()) })
  return fc.oneof(
    ...documented.map((arbitrary) => ({ arbitrary, weight: 4 })),
    { arbitrary: any, weight: 2 },
    fc.constant({}),
  )
}

function written(type: string, value: unknown): string {
  if (type === 'application/json') return JSON.stringify(value)
  if (type === 'application/x-www-form-urlencoded')
    return new URLSearchParams(value as Record<string, string>).toString()
  const rows = Array.isArray(value) ? value : [value]
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** Values that fit a schema for the most part, and nasty ones. */
function valuesOf(schema: Schema, known: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  const { $ref, enum: choices, pattern, properties, required = [] } = schema
  if ($ref !== undefined) return valuesOf(DOCUMENT.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, known, depth)
  if (depth > 4) return fc.constant(null)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return fc.oneof(...options.map((one) => valuesOf(one, known, depth + 1)))
  if (schema.const !== undefined) return fc.oneof({ arbitrary: fc.constant(schema.const), weight: 3 }, TEXT)
  if (choices !== undefined) return fc.oneof({ arbitrary: fc.constantFrom(...choices), weight: 3 }, TEXT)
  switch (schema.type) {
    case 'object': {
      const members = Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, one]) => [name, valuesOf(one, known, depth + 1)]),
      )
      return fc.record(members, { requiredKeys: required.filter((name) => name in members) })
    }
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, known, depth + 1), { maxLength: 3 })
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer(), fc.double())
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default: {
      const fitting = pattern === undefined ? fc.constantFrom(...known) : fitted(pattern, known)
      return fc.oneof({ arbitrary: fitting, weight: 5 }, TEXT)
    }
  }
}

function fitted(pattern: string, known: readonly string[]): fc.Arbitrary<string> {
  const expression = new RegExp(pattern, 'u')
  const real = known.filter((text) => expression.test(text))
  const drawn = fc.stringMatching(expression)
  return real.length > 0 ? fc.oneof({ arbitrary: fc.constantFrom(...real), weight: 3 }, drawn) : drawn
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2e'))
}

function visible(value: unknown): string {
  return String(value)
    .replace(/[^ -~]/g, '?')
    .trim()
}
