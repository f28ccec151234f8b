import { QUOTE } from './cutter.ts'
import { LineEnds } from './marks.ts'

/**
 * Whether the physical lines of a row with a cell over several lines are rows of their own, so that its quotes are two stray ones and
 * not the two of one cell: a line between its first and last has as many cells as a row, or those two both have.
 */
export function holdsRows(bytes: Buffer, start: number, end: number, delimiter: number, width: number): boolean {
  const full = fullLines(bytes, start, end, delimiter, width)
  return full.slice(1, -1).includes(true) || (full[0] === true && full.at(-1) === true)
}

/** The same for a range whose last quote is never closed, or that has too few or too many cells: one such line is enough. */
export function holdsRow(bytes: Buffer, start: number, end: number, delimiter: number, width: number): boolean {
  return fullLines(bytes, start, end, delimiter, width).includes(true)
}

function fullLines(bytes: Buffer, start: number, end: number, delimiter: number, width: number): boolean[] {
  const range = bytes.subarray(start, end)
  const ends = new LineEnds(range)
  const full: boolean[] = []
  for (let at = 0; at < range.length; ) {
    const stop = ends.endOf(at)
    full.push(isFull(range, at, stop, delimiter, width))
    at = ends.behind(stop)
  }
  return full
}

/** Whether a line by itself has as many cells as a row, however its quotes pair: all, none, all but the first, all but the last. */
export function isFull(bytes: Buffer, start: number, end: number, delimiter: number, width: number): boolean {
  let quotes = 0
  let all = 1
  let outside = 1
  let behindFirst = 1
  let sinceLast = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      quotes += 1
      sinceLast = 0
    } else if (byte === delimiter) {
      all += 1
      sinceLast += 1
      if (quotes % 2 === 0) outside += 1
      if (quotes === 0 || quotes % 2 === 1) behindFirst += 1
    }
  }
  const isOdd = quotes % 2 === 1
  return all === width || (isOdd ? behindFirst === width || outside + sinceLast === width : outside === width)
}
