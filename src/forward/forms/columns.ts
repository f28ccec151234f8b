import type { Canonical, Variable } from '../../language/canonical.ts'

/** What is read of a line, whatever its kind; other members go to the last column. */
export type FormLine = {
  subject: string
  level: 'keluarga' | 'individu'
  version: number
  kind?: string
  family?: string
  merged?: readonly string[]
  region?: { bps: string }
  record?: Readonly<Record<string, string | number>>
}
export type Level = FormLine['level']

/** A value of a table: absent values are undefined. */
type Cell = string | number | undefined
export type TableColumn = { name: string; type: 'text' | 'integer'; values: Cell[] }

const KEYS = ['titian_subject', 'titian_version', 'titian_kind', 'titian_family', 'titian_merged'] as const
const REGION = ['kode_provinsi', 'kode_kabupaten_kota', 'kode_kecamatan', 'kode_kelurahan_desa'] as const
const DIGITS = { kode_provinsi: 2, kode_kabupaten_kota: 4, kode_kecamatan: 7, kode_kelurahan_desa: 10 } as const
const OWN = new Set(['subject', 'level', 'version', 'kind', 'family', 'merged', 'record'])
/** Whatever of a line has no column of its own, as JSON. */
const REST = 'titian_rest'

type Row = Map<string, Cell>

/**
 * The lines of one level as a table: the variables of DTSEN in their order, then the other canonical ones, then the columns of
 * Titian. A person has the region codes of the line, or of the family where the delivery holds it.
 */
export function tableOf(lines: Iterable<FormLine>, level: Level, { variables }: Canonical): TableColumn[] {
  const known = [...variables.values()].filter((variable) => variable.level === level)
  const columns = columnsFor(known, level)
  const places = new Map<string, Row>()
  const rows: { line: FormLine; row: Row }[] = []
  for (const line of lines) {
    const place = placeOf(line)
    if (line.level === 'keluarga' && place.size > 0) places.set(line.subject, place)
    if (line.level === level) rows.push({ line, row: rowOf(line, known) })
  }
  for (const { line, row } of rows) {
    const place = placeOf(line)
    const where = place.size > 0 ? place : (places.get(line.family ?? '') ?? place)
    for (const column of columns) column.values.push(row.get(column.name) ?? where.get(column.name))
  }
  return columns
}

function columnsFor(known: readonly Variable[], level: Level): TableColumn[] {
  const named = known.map(
    ({ name, type }): TableColumn => ({ name, type: type === 'integer' ? 'integer' : 'text', values: [] }),
  )
  const more = [...(level === 'individu' ? REGION : []), ...KEYS, REST]
  return [
    ...named,
    ...more.map((name): TableColumn => ({ name, type: name === 'titian_version' ? 'integer' : 'text', values: [] })),
  ]
}

function rowOf(line: FormLine, known: readonly Variable[]): Row {
  const row: Row = new Map()
  const rest: Record<string, unknown> = {}
  const record: Record<string, Cell> = { ...line.record }
  for (const { name, type } of known) {
    const value = record[name]
    if (value === undefined || (type === 'integer' && !Number.isSafeInteger(value))) continue
    row.set(name, type === 'integer' ? value : String(value))
    delete record[name]
  }
  if (Object.keys(record).length > 0) rest.record = record
  for (const [name, value] of Object.entries(line)) if (!OWN.has(name)) rest[name] = value
  row.set('titian_subject', line.subject)
  row.set('titian_version', line.version)
  row.set('titian_kind', line.kind ?? 'golden')
  row.set('titian_family', line.family)
  row.set('titian_merged', line.merged?.join(' '))
  row.set(REST, Object.keys(rest).length > 0 ? JSON.stringify(rest) : undefined)
  return row
}

function placeOf({ record = {}, region }: FormLine): Row {
  const codes = REGION.map((name): [string, Cell] => {
    if (region === undefined) return [name, record[name]]
    return [name, region.bps.length >= DIGITS[name] ? region.bps.slice(0, DIGITS[name]) : undefined]
  })
  return new Map(codes.filter(([, code]) => code !== undefined))
}
