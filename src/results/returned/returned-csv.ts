import type { DecileLevel } from '../../domain/results/result.ts'
import { csvCell } from '../../domain/text/csv.ts'
import type { DatasetBack } from './dataset-back.ts'
import type { ReturnedResult } from './returned-shape.ts'

type Csv = NonNullable<DatasetBack['csv']>

/** Columns beside those of the dataset; none of a region's own begins so. */
const COLUMNS = [
  'hasil_kunci',
  'hasil_tingkat',
  'hasil_versi',
  'hasil_tanggal',
  'hasil_status',
  'hasil_alasan',
  'hasil_dukcapil',
  'hasil_desil_nasional',
  'hasil_desil_provinsi',
  'hasil_desil_kabupaten_kota',
  'hasil_program',
  'hasil_tanpa_jalan_balik',
  'hasil_perbaiki',
  'hasil_sama_dengan',
] as const

const DECILES: Readonly<Record<string, DecileLevel>> = {
  hasil_desil_nasional: 'national',
  hasil_desil_provinsi: 'province',
  hasil_desil_kabupaten_kota: 'regency',
}

/**
 * Results as CSV under the columns of the dataset, a row for each record: the key and what is corrected stand in the region's own
 * columns, the rest in columns that begin with `hasil_`. What cannot be said in own columns stands as `variable=code (why)`.
 */
export function toResultCsv(results: readonly ReturnedResult[], csv: Csv): string {
  const rows = results.map((result) => {
    const own = new Map(
      result.corrections.flatMap(({ own }) => (own ?? []).map(({ column, value }) => [column, writtenIn(value)])),
    )
    if (csv.keyColumn !== undefined) own.set(csv.keyColumn, result.key)
    return [...COLUMNS.map((column) => cellOf(result, column)), ...csv.columns.map((column) => own.get(column) ?? '')]
  })
  return [[...COLUMNS, ...csv.columns], ...rows]
    .map((cells) => `${cells.map((cell) => csvCell(cell, csv.delimiter)).join(csv.delimiter)}\r\n`)
    .join('')
}

function cellOf(result: ReturnedResult, column: (typeof COLUMNS)[number]): string {
  const level = DECILES[column]
  if (level !== undefined) return String(result.deciles.find((decile) => decile.level === level)?.value ?? '')
  switch (column) {
    case 'hasil_kunci':
      return result.key
    case 'hasil_tingkat':
      return result.level
    case 'hasil_versi':
      return result.version
    case 'hasil_tanggal':
      return result.as_of
    case 'hasil_status':
      return result.status
    case 'hasil_alasan':
      return result.reason_text ?? ''
    case 'hasil_dukcapil':
      return result.dukcapil ?? ''
    case 'hasil_program':
      return result.memberships.map(({ programme, from, to }) => `${programme} ${from}..${to ?? ''}`).join('; ')
    case 'hasil_tanpa_jalan_balik':
      return result.corrections
        .filter(({ own }) => own === null)
        .map(({ field, value, no_way_back_text: why }) => `${field}=${value} (${why})`)
        .join('; ')
    case 'hasil_perbaiki':
      return result.mend
        .map(({ columns, reason_text: why }) => [columns.join('+'), why].filter(Boolean).join(': '))
        .join('; ')
    default:
      return result.same_as.map(({ dataset, key }) => `${dataset}/${key}`).join('; ')
  }
}

function writtenIn(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
