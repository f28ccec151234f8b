import { parse } from 'csv-parse/sync'
import type { Json } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import { tidyName } from '../../intake/formats/csv-header.ts'
import type { Sniffed } from './sniff.ts'

/** One column of a sample: what was seen under its name. */
export type Column = {
  /** Dotted inside of objects; relative to the element inside of an array. */
  name: string
  /** Filled values as text, trimmed. */
  values: string[]
  /** Of JSON: the types that were seen; CSV knows only texts. */
  types: Set<'string' | 'number' | 'boolean' | 'null' | 'list' | 'objects'>
}
/** The rows of a sample, or the elements of an array inside of them. */
export type Table = { each: string | undefined; rows: number; columns: Column[] }
/** A sample, understood as tables. Its values stay in memory: they are personal data. */
export type Sample = { source: Sniffed; tables: Table[] }

const MOST_ROWS = 5000

/** Reads a sample; throws `bad-request` when it has no header or no rows, or a column of values without a name. */
export function readSample(source: Sniffed): Sample {
  const records = source.kind === 'csv' ? rowsOf(source.text, source.delimiter) : recordsOf(source)
  if (records.length === 0) throw new TitianError('bad-request', 'the sample has no records')
  const root: Table = { each: undefined, rows: 0, columns: [] }
  const tables = [root]
  for (const record of records) {
    root.rows += 1
    take(record, '', root, tables)
  }
  const arrays = tables.map(({ each }) => each)
  for (const table of tables) {
    // A name that is an object or an array in one record may be null in another.
    const isPart = ({ name }: Column) =>
      table.columns.some((other) => other.name.startsWith(`${name}.`)) || arrays.includes(name)
    if (source.kind === 'ndjson') table.columns = table.columns.filter((column) => !isPart(column))
    for (const { name } of table.columns) refuseValueAsName(name)
  }
  return { source, tables }
}

function rowsOf(text: string, delimiter: string): Record<string, Json>[] {
  let rows: string[][]
  try {
    rows = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, to: MOST_ROWS + 1 })
  } catch {
    throw new TitianError('bad-request', 'the quotes of the sample do not pair')
  }
  const [header = [], ...cells] = rows
  const names = headerNames(header)
  const whole = cells.filter((row) => row.length === names.length)
  const nameless = names.findIndex(
    (name, at) => name === undefined && whole.some((row) => (row[at] ?? '').trim() !== ''),
  )
  if (nameless !== -1)
    throw new TitianError(
      'bad-request',
      `column ${nameless + 1} of the sample, counted from 1, has values and no name: give it one`,
    )
  return whole.map((row) =>
    Object.fromEntries(names.flatMap((name, at) => (name === undefined ? [] : [[name, row[at] ?? '']]))),
  )
}

/** The names of a header as the gateway takes them: a doubled one is `name.2`, and an empty one stands for no column. */
function headerNames(header: readonly string[]): (string | undefined)[] {
  const seen = new Map<string, number>()
  return header.map((cell) => {
    const name = tidyName(cell)
    if (name === '') return undefined
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}.${times}`
  })
}

function recordsOf({ text, array }: { text: string; array: boolean }): Record<string, Json>[] {
  const parsed = array ? (parseJson(text) as unknown[]) : text.split('\n').slice(0, MOST_ROWS).flatMap(parseLine)
  return parsed.slice(0, MOST_ROWS).filter(isObject)
}

function parseLine(line: string): unknown[] {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line)]
  } catch {
    // A broken or cut-off line is no reason to refuse the others.
    return []
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TitianError('bad-request', 'the sample is a JSON array that cannot be read to its end')
  }
}

function take(record: Record<string, Json>, inside: string, table: Table, tables: Table[]): void {
  for (const [key, value] of Object.entries(record)) {
    // A name that every object inherits (`__proto__`) is an attack or an accident, and no column.
    if (key in Object.prototype) continue
    const name = inside + key
    if (isObject(value)) take(value, `${name}.`, table, tables)
    else if (Array.isArray(value) && value.some(isObject)) takeElements(value, name, table, tables)
    else note(columnOf(table, name), value)
  }
}

/** One array of objects becomes a table of its own: the members. Further ones, and arrays inside of it, stay columns. */
function takeElements(elements: Json[], name: string, table: Table, tables: Table[]): void {
  const known = tables.find(({ each }) => each === name)
  if (table.each !== undefined || (known === undefined && tables.length > 1)) {
    columnOf(table, name).types.add('objects')
    return
  }
  const nested = known ?? { each: name, rows: 0, columns: [] }
  if (known === undefined) tables.push(nested)
  for (const element of elements) {
    if (!isObject(element)) continue
    nested.rows += 1
    take(element, '', nested, tables)
  }
}

function columnOf(table: Table, name: string): Column {
  const known = table.columns.find((column) => column.name === name)
  if (known !== undefined) return known
  const column: Column = { name, values: [], types: new Set() }
  table.columns.push(column)
  return column
}

function note({ values, types }: Column, value: Json): void {
  if (Array.isArray(value)) types.add('list')
  else if (value === null) types.add('null')
  else {
    types.add(typeof value as 'string' | 'number' | 'boolean')
    const text = String(value).trim()
    if (text !== '') values.push(text)
  }
}

/** A file without a header has data where the names should be, and names are written into the folder. */
function refuseValueAsName(name: string): void {
  if (/[0-9]{6}|^[0-9./-]+$/.test(name))
    throw new TitianError(
      'bad-request',
      'the first row looks like data, not like names: add a header (or name the fields)',
    )
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
