import type { Level } from '../../domain/entry.ts'
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
  confidence?: number | null
  review?: boolean
  record?: Readonly<Record<string, string | number>>
}

/** A value of a table: absent values are undefined. */
type Cell = string | number | undefined
export type TableColumn = { name: string; type: 'text' | 'integer' | 'number'; values: Cell[] }

const REGION = ['kode_provinsi', 'kode_kabupaten_kota', 'kode_kecamatan', 'kode_kelurahan_desa'] as const
const DIGITS = { kode_provinsi: 2, kode_kabupaten_kota: 4, kode_kecamatan: 7, kode_kelurahan_desa: 10 } as const
const OWN = new Set(['subject', 'level', 'version', 'kind', 'family', 'merged', 'confidence', 'review', 'record'])
const REST = 'titian_rest'

/** Columns of Titian that follow the canonical variables in a table, with what they mean. */
export const OWN_COLUMNS = {
  titian_subject: { id: 'Nomor tetap subjek di Titian', en: 'Lasting id of the subject in Titian' },
  titian_version: { id: 'Versi; yang lebih tinggi menggantikan', en: 'Version; a higher one replaces a lower one' },
  titian_kind: {
    id: 'Jenis baris: golden, atau stub, merged, withdrawn, restricted',
    en: 'Kind of the line: golden, or stub, merged, withdrawn, restricted',
  },
  titian_family: { id: 'Nomor keluarga seseorang', en: 'Id of the family of a person' },
  titian_merged: {
    id: 'Nomor subjek yang ternyata sama, dipisah spasi',
    en: 'Ids of subjects that were found to be this one, by spaces',
  },
  titian_confidence: {
    id: 'Peluang bahwa catatan-catatan seseorang memang satu orang; kosong bila hanya satu catatan',
    en: 'Probability that the records of a person are of one person; empty where there is one record',
  },
  titian_review: {
    id: 'true bila petugas masih ditanya apakah orang ini sama dengan yang lain',
    en: 'true while a steward is asked if the person is one with another',
  },
  [REST]: {
    id: 'Isi lain dari baris, sebagai JSON: asal, entri, perluasan',
    en: 'Whatever of the line has no column, as JSON: origin, entries, extensions',
  },
} as const

/** Columns of Titian that hold no text. */
const NUMBERS = new Map<string, TableColumn['type']>([
  ['titian_version', 'integer'],
  ['titian_confidence', 'number'],
])

type Row = Map<string, Cell>

/**
 * The lines of one level as a table: the variables of DTSEN in their order, then the other canonical ones, then the columns of
 * Titian. A person has the region codes of the line, or of the family where the delivery holds it.
 */
export function tableOf(lines: Iterable<FormLine>, level: Level, { variables }: Canonical): TableColumn[] {
  const known = [...variables.values()].filter((variable) => variable.level === level)
  const types = new Map(known.map(({ name, type }) => [name, type]))
  const columns = columnsFor(known, level)
  const places = new Map<string, Row>()
  const rows: { line: FormLine; row: Row }[] = []
  for (const line of lines) {
    const place = placeOf(line)
    if (line.level === 'keluarga' && place.size > 0) places.set(line.subject, place)
    if (line.level === level) rows.push({ line, row: rowOf(line, types) })
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
  const more = [...(level === 'individu' ? REGION : []), ...Object.keys(OWN_COLUMNS)]
  return [...named, ...more.map((name): TableColumn => ({ name, type: NUMBERS.get(name) ?? 'text', values: [] }))]
}

function rowOf(line: FormLine, types: ReadonlyMap<string, Variable['type']>): Row {
  const row: Row = new Map()
  const rest: Record<string, unknown> = {}
  const strange: Record<string, Cell> = {}
  for (const [name, value] of Object.entries(line.record ?? {})) {
    const type = types.get(name)
    if (type === undefined || (type === 'integer' && !Number.isSafeInteger(value))) strange[name] = value
    else row.set(name, type === 'integer' ? value : String(value))
  }
  if (Object.keys(strange).length > 0) rest.record = strange
  for (const [name, value] of Object.entries(line)) if (!OWN.has(name)) rest[name] = value
  row.set('titian_subject', line.subject)
  row.set('titian_version', line.version)
  row.set('titian_kind', line.kind ?? 'golden')
  row.set('titian_family', line.family)
  row.set('titian_merged', line.merged?.join(' '))
  row.set('titian_confidence', line.confidence ?? undefined)
  row.set('titian_review', line.review === undefined ? undefined : String(line.review))
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
