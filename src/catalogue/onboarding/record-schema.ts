import type { FieldRule } from '../../clean/mapping/mapping.ts'
import type { Draft } from './draft.ts'
import type { Column, Sample, Table } from './sample.ts'

type Schema = {
  type?: unknown
  title?: string
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: false
}

/** The JSON Schema of one source record, closed; in the order of the columns. */
export function recordSchema(sample: Sample, draft: Draft, title: string): object {
  const isCsv = sample.source.kind === 'csv'
  const [root, members] = sample.tables
  const rules = draft.blocks.flatMap(({ fields }) => fields)
  const numbers = new Set(rules.filter(({ rule }) => isNumber(rule)).map(({ column }) => column))
  const schema: Schema = objectOf(root, isCsv, numbers)
  if (members?.each !== undefined)
    put(schema, members.each.split('.'), {
      type: 'array',
      title: titleOf(members.each),
      items: objectOf(members, isCsv, numbers),
    })
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
}

function isNumber(rule: string | FieldRule): boolean {
  return typeof rule === 'object' && (rule.as === 'nik' || rule.as === 'no-kk')
}

/** A readable title of a column's name: the region may write a better one. */
export function titleOf(name: string): string {
  const words = (name.split('.').at(-1) ?? name)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

function objectOf(table: Table | undefined, isCsv: boolean, numbers: ReadonlySet<string>): Schema {
  const schema: Schema = { type: 'object', additionalProperties: false, properties: {} }
  for (const column of table?.columns ?? []) {
    const leaf = { type: isCsv ? 'string' : typesOf(column, numbers), title: titleOf(column.name) }
    put(
      schema,
      isCsv ? [column.name] : column.name.split('.'),
      column.types.has('list') ? { ...leaf, items: {} } : leaf,
    )
  }
  return schema
}

function put(schema: Schema, [step = '', ...rest]: string[], leaf: Schema): void {
  schema.properties ??= {}
  if (rest.length === 0) {
    schema.properties[step] = leaf
    return
  }
  const inner = schema.properties[step] ?? { type: ['object', 'null'], additionalProperties: false, properties: {} }
  schema.properties[step] = inner
  put(inner, rest, leaf)
}

/** What was seen, and null: an empty value is no answer. A NIK or No. KK is text, whatever the sample has. */
function typesOf({ name, types }: Column, numbers: ReadonlySet<string>): string[] {
  if (numbers.has(name)) return ['string', 'null']
  const seen = [...types].flatMap((type) => (type === 'list' || type === 'objects' ? 'array' : type))
  const known = seen.filter((type) => type !== 'null')
  return [...new Set(known.length === 0 ? ['string'] : known), 'null']
}
