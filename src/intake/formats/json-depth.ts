import { QUOTE } from './cutter.ts'

const BACKSLASH = 0x5c

/** How many objects and arrays are open behind a line that began at a depth; a text never goes over a line's end. */
export function jsonDepth(line: Buffer, from: number): number {
  let depth = from
  let isText = false
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at]
    if (isText) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    else if (byte === 0x7b || byte === 0x5b) depth += 1
    else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  return depth
}

/** Whether a line holds nothing but blanks. */
export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false
  return true
}
