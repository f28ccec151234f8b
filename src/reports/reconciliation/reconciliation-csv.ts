import { csvCell } from '../../domain/text/csv.ts'
import type { ReconciledRecord } from './reconciliation-shapes.ts'

const COLUMNS = ['dataset', 'key', 'same_as', 'status', 'reason', 'reason_text', 'region', 'version', 'as_of'] as const

/** A page of a list as CSV (RFC 4180) that a spreadsheet can open without running anything. */
export function toListCsv(records: readonly ReconciledRecord[]): string {
  const rows = records.map((record) =>
    COLUMNS.map((column) => {
      const value = record[column]
      return csvCell(Array.isArray(value) ? value.join('; ') : (value ?? ''))
    }),
  )
  return [COLUMNS, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}
