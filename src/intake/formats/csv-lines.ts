import { QUOTE } from './cutter.ts'
import { LineEnds } from './marks.ts'

/** More lines than a stray quote is told by: a cell over so many, none of which is a row, is one cell. */
const MANY_LINES = 20

/** What the physical lines of a range with a cell over several lines are, each by itself. */
export type LinesWithin = {
  /** They are rows of their own, so that the quotes are two stray ones: a line inside has as many cells as a row, or the first and last both. */
  areRows: boolean
  /** One of them is a row of its own. */
  holdRow: boolean
  /** There are many, and none but the first and the last is a row: to tell each would tell nobody anything. */
  areOneCell: boolean
}

/** Looks at each physical line of a range; one has as many cells as a row, or it has not. */
export function linesWithin(bytes: Buffer, start: number, end: number, delimiter: number, width: number): LinesWithin {
  const full = fullLines(bytes, start, end, delimiter, width)
  const holdsInner = full.slice(1, -1).includes(true)
  const [first, last] = [full[0] === true, full.at(-1) === true]
  return {
    areRows: holdsInner || (first && last),
    holdRow: holdsInner || first || last,
    areOneCell: full.length > MANY_LINES && !holdsInner,
  }
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
