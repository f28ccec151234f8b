import type { SourceFormat } from '../../domain/dataset.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { RefusalCode } from '../findings.ts'
import { headerOrder } from './csv-header.ts'
import { findRow, type Row } from './csv-row.ts'
import { type Cutter, LF, NOTHING, refused } from './cutter.ts'
import { createDecoder, type TextEncoding } from './encoding.ts'

export type CsvFormat = Extract<SourceFormat, { kind: 'csv' }>

/**
 * Cuts CSV (RFC 4180, with a header) into rows of cells in the declared order of columns; an entry's line is the physical line
 * its row starts on, the header being line 1. A row whose quotes do not pair is refused alone: reading goes on with the
 * next physical line. A header that does not fit throws `csv-header`.
 */
export function cutCsv(format: CsvFormat, encodings: readonly TextEncoding[], limitBytes: number): Cutter {
  const decode = createDecoder(encodings)
  const rules = { delimiter: format.delimiter.charCodeAt(0), limitBytes }
  const width = format.columns.length
  let rest = NOTHING
  let line = 1
  let order: number[] | null | undefined
  let skipping: RefusalCode | undefined

  const cellsOf = (bytes: Buffer, row: Row): string[] | undefined => {
    if (row.quoted === undefined) return decode(bytes, row.start, row.end)?.split(format.delimiter)
    const cells: string[] = []
    for (const { start, end, escapes } of row.quoted) {
      const cell = decode(bytes, start, end)
      if (cell === undefined) return
      cells.push(escapes ? cell.replaceAll('""', '"') : cell)
    }
    return cells
  }

  const entryOf = (bytes: Buffer, row: Row): LooseEntry | undefined => {
    const cells = cellsOf(bytes, row)
    if (order === undefined) {
      order = headerOrder(cells, format.columns)
      return
    }
    if (cells === undefined) return refused(line, 'utf8-invalid')
    if (cells.length < width) return refused(line, 'csv-ragged-short')
    if (cells.length > width) return refused(line, 'csv-ragged-long')
    const sorted = order === null ? cells : order.map((at) => cells[at])
    return { line, form: 'cells', text: JSON.stringify(sorted) }
  }

  const refuse = (code: RefusalCode): LooseEntry => {
    if (order === undefined) headerOrder(undefined, format.columns)
    return refused(line, code)
  }

  /** Takes all rows that are whole; answers where the unfinished one starts. */
  const cut = (bytes: Buffer, final: boolean, into: LooseEntry[]): number => {
    let at = 0
    while (at < bytes.length) {
      if (skipping !== undefined) {
        const newline = bytes.indexOf(LF, at)
        if (newline === -1 && !final) return bytes.length
        into.push(refuse(skipping))
        skipping = undefined
        line += 1
        if (newline === -1) return bytes.length
        at = newline + 1
        continue
      }
      const row = findRow(bytes, at, rules, final)
      if (row === 'more') return at
      if (row === 'broken' || row === 'long') {
        skipping = row === 'broken' ? 'csv-quote' : 'line-too-long'
        continue
      }
      if (row.end > row.start) {
        const entry = entryOf(bytes, row)
        if (entry !== undefined) into.push(entry)
      }
      line += row.lines
      at = row.next
    }
    return Math.min(at, bytes.length)
  }

  return {
    push(piece) {
      const entries: LooseEntry[] = []
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      rest = bytes.subarray(cut(bytes, false, entries))
      return entries
    },
    end() {
      const entries: LooseEntry[] = []
      cut(rest, true, entries)
      // A last line without a newline that was being skipped.
      if (skipping !== undefined) entries.push(refuse(skipping))
      return entries
    },
  }
}
