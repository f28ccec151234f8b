import { isUtf8 } from 'node:buffer'
import { TitianError } from '../../domain/error.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { type Cutter, END_MARK, NOTHING, QUOTE, refused } from './cutter.ts'

const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const COMMA = 0x2c
const BACKSLASH = 0x5c

/**
 * Cuts one JSON array into the raw texts of its elements, which are not parsed here. An entry's line is the ordinal of its
 * element, from 1, since several elements may stand on one physical line. What is not one array throws `body-broken`.
 */
export function cutArray(limitBytes: number): Cutter {
  let rest = NOTHING
  let where: 'before' | 'inside' | 'after' = 'before'
  let ordinal = 0
  let depth = 0
  let inString = false
  let escaped = false
  let skipping = false

  const take = (bytes: Buffer, isLast: boolean, into: LooseEntry[]) => {
    const slice = trimmedStart(bytes)
    const text = trimmedEnd(slice)
    if (text.length === 0 && !skipping) {
      if (isLast && ordinal === 0) return
      throw new TitianError('body-broken', 'an element of the JSON array is empty')
    }
    ordinal += 1
    if (skipping || slice.length > limitBytes) into.push(refused(ordinal, 'line-too-long'))
    else if (!isUtf8(text)) into.push(refused(ordinal, 'utf8-invalid'))
    else into.push({ line: ordinal, form: 'object', text })
    skipping = false
  }

  /** Goes on from a byte that was not looked at yet; answers where the unfinished element starts. */
  const scan = (bytes: Buffer, from: number, into: LooseEntry[]): number => {
    let start = 0
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]
      if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inString = false
      } else if (where !== 'inside') {
        if (isBlank(byte) || (where === 'after' && (byte === END_MARK || byte === 0))) continue
        if (where === 'after' || byte !== OPEN_ARRAY) throw new TitianError('body-broken', 'not one JSON array')
        where = 'inside'
        start = at + 1
      } else if (byte === QUOTE) inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1
      else if (depth > 0) {
        if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1
      } else if (byte === COMMA || byte === CLOSE_ARRAY) {
        take(bytes.subarray(start, at), byte === CLOSE_ARRAY, into)
        start = at + 1
        if (byte === CLOSE_ARRAY) where = 'after'
      }
    }
    return where === 'inside' ? start : bytes.length
  }

  return {
    push(piece) {
      const entries: LooseEntry[] = []
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      rest = trimmedStart(bytes.subarray(scan(bytes, rest.length, entries)))
      if (rest.length > limitBytes) skipping = true
      if (skipping) rest = NOTHING
      return entries
    },
    end() {
      if (where !== 'after') throw new TitianError('body-broken', 'the JSON array does not end')
      return []
    },
    kept: () => rest.length,
  }
}

function trimmedEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (isBlank(bytes[end - 1])) end -= 1
  return bytes.subarray(0, end)
}

/** Blanks before an element do not count as its bytes. */
function trimmedStart(bytes: Buffer): Buffer {
  let at = 0
  while (isBlank(bytes[at])) at += 1
  return bytes.subarray(at)
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
