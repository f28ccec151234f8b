import { csvCell } from '../../domain/text/csv.ts'
import type { TableColumn } from './columns.ts'

/** A table as CSV (RFC 4180): comma, CRLF, a header. No cell is a formula to a spreadsheet; an absent value is an empty cell. */
export function csvOf(columns: readonly TableColumn[]): Buffer {
  return Buffer.concat([csvHead(columns), csvRows(columns)])
}

/** The header of `csvOf` alone. */
export function csvHead(columns: readonly TableColumn[]): Buffer {
  return Buffer.from(`${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`)
}

/** The rows of `csvOf` alone. */
export function csvRows(columns: readonly TableColumn[]): Buffer {
  const rows = columns[0]?.values.length ?? 0
  const text: string[] = []
  for (let at = 0; at < rows; at++) {
    const cells = columns.map(({ values, type }) => {
      const value = values[at]
      if (value === undefined) return ''
      return type === 'text' ? csvCell(String(value)) : String(value)
    })
    text.push(`${cells.join(',')}\r\n`)
  }
  return Buffer.from(text.join(''))
}
