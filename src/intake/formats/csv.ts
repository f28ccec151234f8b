import type { SourceFormat } from '../../domain/dataset.ts'
import type { ReadNote } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { RefusalCode } from '../findings.ts'
import { type HeaderOrder, headerOrder, isHeader, isSeparatorLine, notesOf } from './csv-header.ts'
import { isFull, type LinesWithin, linesWithin } from './csv-lines.ts'
import { findRow, type Row } from './csv-row.ts'
import { type Cutter, NOTHING, noted, QUOTE, refused } from './cutter.ts'
import { createJudge, decode, type LineEncoding, type TextEncoding } from './encoding.ts'
import { behindMarks, LineEnds, mayBeMark, withoutEnd } from './marks.ts'

export type CsvFormat = Extract<SourceFormat, { kind: 'csv' }>

/** Reads on behind a physical line that was refused, or behind a cell over many lines that is too long for a record. */
type Skip = { is: 'line'; code: RefusalCode } | { is: 'cell'; isOpen: boolean; isWithin: boolean }

/**
 * Cuts CSV (RFC 4180, with a header) into rows of cells in the declared order of columns; an entry's line is the physical line
 * its row starts on, the header being line 1. A row whose quotes do not pair is refused alone: reading goes on with the
 * next physical line. A header that does not fit throws `csv-header`.
 */
export function cutCsv(format: CsvFormat, encodings: readonly TextEncoding[], limitBytes: number): Cutter {
  const { judge, seen } = createJudge(encodings)
  const delimiter = format.delimiter.charCodeAt(0)
  const rules = { delimiter, limitBytes }
  const columns = new Set(format.columns)
  let rest = NOTHING
  let line = 1
  let header: HeaderOrder | undefined
  let skip: Skip | undefined
  /** What is to be said of the next row, and the last line between two stray quotes. */
  let pending: ReadNote[] = []
  let suspectUntil = 0

  const widthOf = () => header?.width ?? format.columns.length

  const cellsOf = (bytes: Buffer, row: Row, encoding: LineEncoding['is']): string[] => {
    if (row.cells === undefined) return decode(bytes, row.start, row.end, encoding).split(format.delimiter)
    return row.cells.map(({ start, end, escapes }) => {
      const cell = decode(bytes, start, end, encoding)
      return escapes ? cell.replaceAll('""', '"') : cell
    })
  }

  const readHeader = (cells: string[] | undefined, bytes: Buffer, row: Row) => {
    if (cells !== undefined && isSeparatorLine(bytes.toString('latin1', row.start, row.end), format.delimiter)) return
    header = headerOrder(cells, format.columns)
    pending = notesOf(header)
  }

  const entryOf = (bytes: Buffer, row: Row): LooseEntry | undefined => {
    const encoding = judge(bytes, row.start, row.end)
    const cells = typeof encoding === 'string' ? undefined : cellsOf(bytes, row, encoding.is)
    if (header === undefined) {
      readHeader(cells, bytes, row)
      return
    }
    if (cells === undefined) return refused(line, encoding as RefusalCode)
    if (cells.length <= 2 && cells[0]?.startsWith('sep=') === true) return
    if (isHeader(cells, columns)) {
      readHeader(cells, bytes, row)
      return refused(line, 'csv-header-again')
    }
    if (cells.length < header.width) return refused(line, 'csv-ragged-short')
    if (cells.length > header.width) return refused(line, 'csv-ragged-long')
    if (header.nameless.some((at) => cells[at]?.trim() !== '')) return refused(line, 'csv-cell-nameless')
    const sorted = header.order === null ? cells : header.order.map((at) => cells[at])
    // Of a row that could not be read before, only the reason was given back.
    if (header.reasons.size > 0 && sorted.every((cell) => cell?.trim() === '')) return
    const notes: ReadNote[] = pending
    if ((encoding as LineEncoding).changes) notes.push('encoding-changes')
    if (line <= suspectUntil) notes.push('csv-near-quote')
    pending = []
    return noted({ line, form: 'cells', text: JSON.stringify(sorted) }, notes)
  }

  const refuse = (code: RefusalCode): LooseEntry => {
    if (header === undefined) headerOrder(undefined, format.columns)
    return refused(line, code)
  }

  const within = (bytes: Buffer, start: number, end: number): LinesWithin =>
    linesWithin(bytes, start, Math.min(end, bytes.length), delimiter, widthOf())

  /** A row over several lines is believed if every cell is quoted, or if its lines are no rows of their own; else each line is told. */
  const isBelieved = (bytes: Buffer, { cells, start, end }: Row): boolean => {
    const lines = within(bytes, start, end)
    if (cells?.length !== widthOf()) return lines.areOneCell || !lines.holdRow
    return cells.every(({ quoted }) => quoted) || !lines.areRows
  }

  /** Goes on with what is being skipped; answers where to read next, or -1 when more bytes are needed. */
  const skipOn = (
    what: Skip,
    bytes: Buffer,
    at: number,
    ends: LineEnds,
    final: boolean,
    into: LooseEntry[],
  ): number => {
    const stop = ends.endOf(at)
    const isOpen = !final && ends.isOpen(stop)
    if (what.is === 'line') {
      if (isOpen) return -1
      into.push(refuse(what.code))
      skip = undefined
    } else {
      if (isOpen && bytes.length - at <= limitBytes) return -1
      const isOdd = countQuotes(bytes, at, stop) % 2 === 1
      const mayBeRow = what.isOpen && !what.isWithin && !isOdd && stop - at <= limitBytes
      if (mayBeRow && isFull(bytes, at, stop, delimiter, widthOf())) {
        skip = undefined
        return at
      }
      const next = isOdd ? !what.isOpen : what.isOpen
      skip = next || isOpen ? { is: 'cell', isOpen: next, isWithin: isOpen } : undefined
      if (isOpen) return stop
    }
    line += 1
    return ends.behind(stop)
  }

  /** Takes all rows that are whole; answers where the unfinished one starts. */
  const cut = (bytes: Buffer, final: boolean, into: LooseEntry[]): number => {
    const ends = new LineEnds(bytes)
    let at = 0
    while (at < bytes.length) {
      if (skip !== undefined) {
        const next = skipOn(skip, bytes, at, ends, final, into)
        // A CR at the end stays: its LF may come.
        if (next === -1) return skip.is === 'line' ? ends.endOf(at) : at
        at = next
        continue
      }
      if (!final && mayBeMark(bytes, at)) return at
      const start = behindMarks(bytes, at)
      if (start > at && header !== undefined && !pending.includes('mark-inside')) pending.push('mark-inside')
      at = start
      const row = findRow(bytes, at, ends, rules, final)
      if (row === 'more') return at
      if (row === 'open' && within(bytes, at, at + limitBytes).areOneCell) {
        into.push(refuse('line-too-long'))
        skip = { is: 'cell', isOpen: false, isWithin: false }
      } else if (row === 'open' || row === 'broken') skip = { is: 'line', code: 'csv-quote' }
      else if (row === 'long') skip = { is: 'line', code: 'line-too-long' }
      else if (row.lines > 1 && !isBelieved(bytes, row)) {
        suspectUntil = line + row.lines - 1
        skip = { is: 'line', code: 'csv-quote' }
      } else {
        const entry = isEmpty(bytes, row, delimiter) ? undefined : entryOf(bytes, row)
        if (entry !== undefined) into.push(entry)
        line += row.lines
        at = row.next
      }
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
      const bytes = withoutEnd(rest)
      cut(bytes, true, entries)
      // A last line without a newline that was being skipped.
      if (skip?.is === 'line') entries.push(refuse(skip.code))
      return entries
    },
    kept: () => rest.length,
    encoding: seen,
  }
}

/** A row without any value is no record: spreadsheets write hundreds of them below a table. */
function isEmpty(bytes: Buffer, { start, end, cells }: Row, delimiter: number): boolean {
  if (cells !== undefined) return cells.every((cell) => isBlank(bytes, cell.start, cell.end, -1))
  return isBlank(bytes, start, end, delimiter)
}

function isBlank(bytes: Buffer, start: number, end: number, delimiter: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number
    if (byte > 0x20 && byte !== delimiter) return false
  }
  return true
}

function countQuotes(bytes: Buffer, start: number, end: number): number {
  let quotes = 0
  // Not by indexOf: that looks through the whole buffer for the next quote, and so would each line.
  for (let at = start; at < end; at += 1) if (bytes[at] === QUOTE) quotes += 1
  return quotes
}
