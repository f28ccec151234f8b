import type { ReadNote } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { RefusalCode } from '../findings.ts'
import type { TextEncoding } from './encoding.ts'

/** Cuts bytes (without a byte order mark) into entries; the result is the same however the bytes were split. */
export type Cutter = {
  push(piece: Buffer): LooseEntry[]
  end(): LooseEntry[]
  /** Bytes of an unfinished entry, which the next push looks at again. */
  kept(): number
  /** The encoding of the lines so far, where it may be one of several. */
  encoding?(): TextEncoding | 'mixed'
}

export const LF = 0x0a
export const CR = 0x0d
export const QUOTE = 0x22
/** Control-Z: what DOS programs write behind the end of a text. */
export const END_MARK = 0x1a
export const NOTHING: Buffer = Buffer.alloc(0)

/** An entry that could not be read at all. */
export function refused(line: number, code: RefusalCode): LooseEntry {
  return { line, form: 'refused', text: code }
}

/** The entry with what reading warns of. */
export function noted(entry: LooseEntry, notes: readonly ReadNote[]): LooseEntry {
  return notes.length === 0 ? entry : { ...entry, notes }
}
