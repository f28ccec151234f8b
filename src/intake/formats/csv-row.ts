import { CR, LF, QUOTE } from './cutter.ts'
import type { LineEnds } from './marks.ts'

/** A cell of a row with quotes: its bytes without the quotes, whether it had any, and whether doubled quotes are among them. */
type QuotedCell = { start: number; end: number; quoted: boolean; escapes: boolean }

/** Where a whole row lies; `next` is the first byte behind its line end, `cells` is undefined when it has no quotes. */
export type Row = { start: number; end: number; next: number; lines: number; cells: QuotedCell[] | undefined }

/**
 * A row, or why there is none: its end has not arrived, its quotes do not pair, a quote is not closed before the file or the limit
 * ends, its first line passes the limit.
 */
export type Found = Row | 'more' | 'broken' | 'open' | 'long'

export type RowRules = { delimiter: number; limitBytes: number }

const EQUALS = 0x3d

/** Finds the row that starts at a byte; `final` says that no more bytes will come. */
export function findRow(bytes: Buffer, start: number, ends: LineEnds, rules: RowRules, final: boolean): Found {
  const stop = ends.endOf(start)
  if (stop - start > rules.limitBytes) return 'long'
  if (!final && ends.isOpen(stop)) return 'more'
  if (bytes.subarray(start, stop).indexOf(QUOTE) !== -1) return quotedRow(bytes, start, rules, final)
  return { start, end: stop, next: ends.behind(stop), lines: 1, cells: undefined }
}

function quotedRow(bytes: Buffer, start: number, rules: RowRules, final: boolean): Found {
  const limit = start + rules.limitBytes
  const stop = Math.min(bytes.length, limit)
  const ranOut = stop === limit || final ? 'open' : 'more'
  const cells: QuotedCell[] = []
  let lines = 1
  let at = start
  for (;;) {
    const cell: QuotedCell = { start: at, end: at, quoted: bytes[at] === QUOTE, escapes: false }
    cells.push(cell)
    if (cell.quoted) {
      cell.start = at + 1
      for (at += 1; ; at += 1) {
        if (at >= stop) return ranOut
        if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) lines += 1
        else if (bytes[at] === QUOTE) {
          if (at + 1 >= bytes.length && !final) return 'more'
          if (bytes[at + 1] !== QUOTE) break
          cell.escapes = true
          at += 1
        }
      }
      cell.end = at
      at += 1
    } else {
      if (bytes[at] === EQUALS && bytes[at + 1] === QUOTE) at = behindFormula(bytes, at, final)
      while (at < bytes.length && bytes[at] !== rules.delimiter && !isLineEnd(bytes[at]) && bytes[at] !== QUOTE) at += 1
      if (bytes[at] === QUOTE || at > limit) return 'broken'
      cell.end = at
    }
    if (at >= bytes.length) {
      if (!final) return 'more'
      return { start, end: cell.end, next: at + 1, lines, cells }
    }
    if (bytes[at] === rules.delimiter) {
      at += 1
      continue
    }
    if (!isLineEnd(bytes[at])) return 'broken'
    if (bytes[at] === CR && at + 1 >= bytes.length && !final) return 'more'
    return { start, end: cell.end, next: at + (bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1), lines, cells }
  }
}

/** Spreadsheets are made to keep digits by `="0123"`, which is one cell although a quote stands inside; its closing quote is on its line. */
function behindFormula(bytes: Buffer, start: number, final: boolean): number {
  let at = start + 2
  for (; at < bytes.length && !isLineEnd(bytes[at]); at += 1) if (bytes[at] === QUOTE) return at + 1
  return at >= bytes.length && !final ? bytes.length : start
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR
}
