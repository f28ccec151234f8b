import { isUtf8 } from 'node:buffer'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { CR, type Cutter, LF, NOTHING, noted, refused } from './cutter.ts'
import { isBlank, jsonDepth } from './json-depth.ts'
import { behindMarks, LineEnds, withoutEnd } from './marks.ts'

const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** An object whose lines have not all come. */
type Unfinished = { line: number; lines: Buffer[]; bytes: number; depth: number; isMarked: boolean }

/**
 * Cuts NDJSON: LF, CRLF or CR, blank lines skipped, the last line may lack its newline; lines are counted from 1. An object that is
 * printed over several lines is one entry; should it never end, the next line that begins with an object begins an entry.
 */
export function cutLines(limitBytes: number): Cutter {
  let rest = NOTHING
  let line = 0
  let skipping = false
  let ateCr = false
  let unfinished: Unfinished | undefined

  const flush = (into: LooseEntry[]) => {
    if (unfinished === undefined) return
    const { line: first, lines, bytes, isMarked } = unfinished
    unfinished = undefined
    if (bytes > limitBytes) into.push(refused(first, 'line-too-long'))
    else into.push(entryOf(first, lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines), isMarked))
  }

  const goOn = (open: Unfinished, bytes: Buffer, into: LooseEntry[]) => {
    open.bytes += bytes.length + 1
    open.depth = jsonDepth(bytes, open.depth)
    if (open.bytes > limitBytes) open.lines = []
    else open.lines.push(NEWLINE, Buffer.from(bytes))
    // A buffer takes a hundred bytes beside its own: a million lines of one sign would.
    if (open.lines.length > MOST_PIECES) open.lines = [Buffer.concat(open.lines)]
    if (open.depth <= 0) flush(into)
  }

  const take = (whole: Buffer, into: LooseEntry[]) => {
    line += 1
    const start = behindMarks(whole, 0)
    const bytes = start === 0 ? whole : whole.subarray(start)
    const isTooLong = skipping || bytes.length > limitBytes
    skipping = false
    if (isTooLong || bytes[0] === OPEN_OBJECT) flush(into)
    if (isTooLong) into.push(refused(line, 'line-too-long'))
    else if (unfinished !== undefined) goOn(unfinished, bytes, into)
    else if (isBlank(bytes)) return
    else {
      const depth = isUnfinished(bytes) ? jsonDepth(bytes, 0) : 0
      if (depth <= 0) into.push(entryOf(line, bytes, start > 0))
      else unfinished = { line, lines: [Buffer.from(bytes)], bytes: bytes.length, depth, isMarked: start > 0 }
    }
  }

  return {
    push(piece) {
      if (piece.length === 0) return []
      const entries: LooseEntry[] = []
      const ends = new LineEnds(piece)
      // The CR that ended the piece before was a line end; its LF is none of its own.
      let start = ateCr && piece[0] === LF ? 1 : 0
      ateCr = false
      for (let end = ends.endOf(start); end < piece.length; end = ends.endOf(start)) {
        // Only the line that was cut in two is copied, not the whole piece.
        const tail = piece.subarray(start, end)
        take(rest.length > 0 ? Buffer.concat([rest, tail]) : tail, entries)
        rest = NOTHING
        ateCr = piece[end] === CR && end + 1 === piece.length
        start = ends.behind(end)
      }
      const tail = piece.subarray(start)
      if (tail.length > 0) rest = rest.length > 0 ? Buffer.concat([rest, tail]) : tail
      if (rest.length > limitBytes && rest.length - Math.min(behindMarks(rest, 0), MOST_MARKS) > limitBytes)
        skipping = true
      if (skipping) rest = NOTHING
      return entries
    },
    end() {
      const entries: LooseEntry[] = []
      const last = withoutEnd(rest)
      if (skipping || last.length > 0) take(last, entries)
      flush(entries)
      return entries
    },
    kept: () => rest.length,
  }
}

const NEWLINE = Buffer.from('\n')
const MOST_PIECES = 1000
/** Bytes of marks before a record do not count as its own, up to so many. */
const MOST_MARKS = 64

/** An object that does not end on its line. */
function isUnfinished(bytes: Buffer): boolean {
  let first = 0
  while (bytes[first] === 0x20 || bytes[first] === 0x09) first += 1
  if (bytes[first] !== OPEN_OBJECT) return false
  let last = bytes.length - 1
  while (bytes[last] === 0x20 || bytes[last] === 0x09) last -= 1
  return bytes[last] !== CLOSE_OBJECT || last === first
}

function entryOf(line: number, text: Buffer, isMarked: boolean): LooseEntry {
  if (!isUtf8(text)) return refused(line, 'utf8-invalid')
  return noted({ line, form: 'object', text }, isMarked ? ['mark-inside'] : [])
}
