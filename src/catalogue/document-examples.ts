type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  examples?: unknown[]
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  minLength?: number
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  minItems?: number
  properties?: Record<string, Schema>
  required?: string[]
}
type Media = { schema?: Schema; example?: unknown; examples?: unknown }
type Operation = { responses?: Record<string, { content?: Record<string, Media> }> }
type Document = { paths?: object; components?: { schemas?: object } }

const MOST_DEPTH = 12
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-09-30T08:15:00.000Z',
  date: '2026-09-30',
  uri: 'https://contoh.example/',
}

const ID = '01kaj3q8z4t0c6v9w2x5y7b1nd'
/** Texts of which one fits every pattern of ours. */
const TEXTS: readonly string[] = [
  ...['bat', 'chk', 'dlv', 'per', 'fam', 'rev', 'lst', 'whk', 'lse', 'sub', 'upl', 'evt'].map(
    (kind) => `${kind}_${ID}`,
  ),
  ...['teks', '1', '0', '2026-Q3', '2026-09-30', '3171', '1.0', 'a'.repeat(32), 'a'.repeat(64)],
  ...[`sha-256=:${'A'.repeat(43)}=:`, `${'a'.repeat(12)}-1`, `evt_${'a'.repeat(32)}`, 'https://contoh.example/'],
]

/** Gives each JSON answer of a document an example, made of those of its fields. The document is changed in place. */
export function addExamples({ paths = {}, components }: Document): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>
  for (const operations of Object.values(paths))
    for (const { responses = {} } of Object.values(operations as Record<string, Operation>))
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const media = content['application/json']
        if (!status.startsWith('2') || media?.schema === undefined) continue
        if (media.example === undefined && media.examples === undefined)
          media.example = exampleOf(media.schema, schemas)
      }
}

/** A value that a schema takes: what it gives as an example, else the plainest. */
function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>, depth = 0): unknown {
  if (depth > MOST_DEPTH) return null
  const next = (inner: Schema) => exampleOf(inner, schemas, depth + 1)
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum?.[0] !== undefined) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  if (schema.$ref !== undefined) {
    const named = schemas[schema.$ref.split('/').at(-1) ?? '']
    return named === undefined ? {} : next(named)
  }
  const [choice] = schema.anyOf ?? schema.oneOf ?? []
  if (choice !== undefined) return next(choice)
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map(next))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'array') return arrayOf(schema, next)
  if (type === 'object' || schema.properties !== undefined) {
    const required = new Set(schema.required)
    const told = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name))
    return Object.fromEntries(told.map(([name, inner]) => [name, next(inner)]))
  }
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0
  if (type === 'boolean') return true
  if (type === 'null') return null
  return type === 'string' ? textOf(schema) : {}
}

function arrayOf({ items, minItems = 1 }: Schema, next: (inner: Schema) => unknown): unknown[] {
  return items === undefined ? [] : Array.from({ length: Math.max(minItems, 1) }, () => next(items))
}

function textOf({ format = '', pattern, minLength = 0 }: Schema): string {
  const known = FORMATS[format]
  if (known !== undefined) return known
  const isFit = pattern === undefined ? () => true : (text: string) => new RegExp(pattern, 'u').test(text)
  return TEXTS.find((text) => text.length >= minLength && isFit(text)) ?? 'teks'
}
