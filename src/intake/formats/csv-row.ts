import { CR, LF, QUOTE } from './cutter.ts'

/** A cell of a row with quotes: its bytes without the quotes, and whether doubled quotes are among them. */
type QuotedCell = { start: number; end: number; escapes: boolean }

/** Where a whole row lies; `next` is the first byte behind its line end, `quoted` is undefined when it has no quotes. */
export type Row = { start: number; end: number; next: number; lines: number; quoted: QuotedCell[] | undefined }

/** A row, or why there is none: its end has not arrived, its quotes do not pair, its first line passes the limit. */
export type Found = Row | 'more' | 'broken' | 'long'

export type RowRules = { delimiter: number; limitBytes: number }

/**
 * Finds the row that starts at a byte; `final` says that no more bytes will come. A quote that is not closed within the
 * limit counts as broken, so that a stray one costs its own line and not the file.
 */
export function findRow(bytes: Buffer, start: number, rules: RowRules, final: boolean): Found {
  const newline = bytes.indexOf(LF, start)
  const stop = newline === -1 ? bytes.length : newline
  if (stop - start > rules.limitBytes + 1) return 'long'
  if (newline === -1 && !final) return 'more'
  if (bytes.subarray(start, stop).indexOf(QUOTE) !== -1) return quotedRow(bytes, start, rules, final)
  return { start, end: beforeCr(bytes, start, stop), next: stop + 1, lines: 1, quoted: undefined }
}

function quotedRow(bytes: Buffer, start: number, rules: RowRules, final: boolean): Found {
  const limit = start + rules.limitBytes
  const stop = Math.min(bytes.length, limit)
  const ranOut = stop === limit || final ? 'broken' : 'more'
  const quoted: QuotedCell[] = []
  let lines = 1
  let at = start
  for (;;) {
    const cell: QuotedCell = { start: at, end: at, escapes: false }
    quoted.push(cell)
    if (bytes[at] === QUOTE) {
      cell.start = at + 1
      for (at += 1; ; at += 1) {
        if (at >= stop) return ranOut
        if (bytes[at] === LF) lines += 1
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
      while (at < bytes.length && bytes[at] !== rules.delimiter && bytes[at] !== LF && bytes[at] !== QUOTE) at += 1
      if (bytes[at] === QUOTE) return 'broken'
      if (at >= bytes.length && !final) return 'more'
      cell.end = bytes[at] === LF || at >= bytes.length ? beforeCr(bytes, cell.start, at) : at
    }
    if (at < bytes.length && bytes[at] === rules.delimiter) {
      at += 1
      continue
    }
    if (bytes[at] === CR) at += 1
    if (at >= bytes.length ? !final : bytes[at] !== LF) return at >= bytes.length ? 'more' : 'broken'
    return { start, end: cell.end, next: at + 1, lines, quoted }
  }
}

function beforeCr(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end
}
