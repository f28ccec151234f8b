import { isUtf8 } from 'node:buffer'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { CR, type Cutter, LF, NOTHING, refused } from './cutter.ts'

/** Cuts NDJSON: LF or CRLF, blank lines skipped, the last line may lack its newline; lines are counted from 1. */
export function cutLines(limitBytes: number): Cutter {
  let rest = NOTHING
  let line = 0
  let skipping = false

  const take = (bytes: Buffer, start: number, end: number, into: LooseEntry[]) => {
    line += 1
    const last = end > start && bytes[end - 1] === CR ? end - 1 : end
    const slice = bytes.subarray(start, last)
    if (skipping || slice.length > limitBytes) into.push(refused(line, 'line-too-long'))
    else if (!isUtf8(slice)) into.push(refused(line, 'utf8-invalid'))
    else if (!isBlank(slice)) into.push({ line, form: 'object', text: slice })
    skipping = false
  }

  return {
    push(piece) {
      const entries: LooseEntry[] = []
      let start = 0
      for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, start)) {
        // Only the line that was cut in two is copied, not the whole piece.
        const whole = rest.length > 0 ? Buffer.concat([rest, piece.subarray(start, end)]) : undefined
        if (whole === undefined) take(piece, start, end, entries)
        else take(whole, 0, whole.length, entries)
        rest = NOTHING
        start = end + 1
      }
      const tail = piece.subarray(start)
      if (tail.length > 0) rest = rest.length > 0 ? Buffer.concat([rest, tail]) : tail
      // One byte more than the limit may be the CR of the line's end.
      if (rest.length > limitBytes + 1) skipping = true
      if (skipping) rest = NOTHING
      return entries
    },
    end() {
      const entries: LooseEntry[] = []
      if (skipping || rest.length > 0) take(rest, 0, rest.length, entries)
      return entries
    },
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false
  return true
}
