import { ENTRY_FORMS, type EntryForm, type RawEntry, READ_NOTES, type ReadNote } from '../../domain/entry.ts'

const HEAD = 9
/** Bits of the form; those above say which notes there are. */
const FORM_BITS = 2
const FORM_MASK = 2 ** FORM_BITS - 1

/** An entry on its way into a chunk, whose text may still be the bytes that came. */
export type LooseEntry = { line: number; form: EntryForm; text: string | Buffer; notes?: readonly ReadNote[] }

/** Packs entries into one buffer. Each is its line (4 bytes), form and notes (1) and length (4), big-endian, then its text in UTF-8. */
export function packEntries(entries: readonly LooseEntry[]): Buffer {
  let size = 0
  for (const entry of entries) size += packedBytes(entry)
  const packed = Buffer.allocUnsafe(size)
  let at = 0
  for (const entry of entries) at = packEntry(entry, packed, at)
  return packed
}

/** Bytes that an entry takes in a packed chunk. */
export function packedBytes({ text }: LooseEntry): number {
  return HEAD + (typeof text === 'string' ? Buffer.byteLength(text) : text.length)
}

/** Writes one entry, for which there must be room, and answers where the next one goes. */
export function packEntry({ line, form, text, notes }: LooseEntry, packed: Buffer, at: number): number {
  const length = typeof text === 'string' ? packed.write(text, at + HEAD) : text.copy(packed, at + HEAD)
  packed.writeUInt32BE(line, at)
  packed.writeUInt8(ENTRY_FORMS.indexOf(form) | bitsOf(notes), at + 4)
  packed.writeUInt32BE(length, at + 5)
  return at + HEAD + length
}

/** The reverse of `packEntries`; throws a RangeError on a buffer that it did not write. */
export function unpackEntries(packed: Buffer): RawEntry[] {
  return unpackWith(packed, (start, end) => packed.toString('utf8', start, end))
}

/** The same, whose texts are views into the buffer. */
export function looseEntries(packed: Buffer): LooseEntry[] {
  return unpackWith(packed, (start, end) => packed.subarray(start, end))
}

function unpackWith<T>(
  packed: Buffer,
  textAt: (start: number, end: number) => T,
): { line: number; form: EntryForm; text: T; notes?: readonly ReadNote[] }[] {
  const entries: ReturnType<typeof unpackWith<T>> = []
  for (let at = 0; at < packed.length; ) {
    const byte = packed.readUInt8(at + 4)
    const form = ENTRY_FORMS[byte & FORM_MASK]
    const end = at + HEAD + packed.readUInt32BE(at + 5)
    if (form === undefined || end > packed.length) throw new RangeError('not a packed chunk')
    const entry = { line: packed.readUInt32BE(at), form, text: textAt(at + HEAD, end) }
    entries.push(byte === (byte & FORM_MASK) ? entry : { ...entry, notes: notesOf(byte) })
    at = end
  }
  return entries
}

function bitsOf(notes: readonly ReadNote[] | undefined): number {
  let bits = 0
  for (const note of notes ?? []) bits |= 1 << (FORM_BITS + READ_NOTES.indexOf(note))
  return bits
}

function notesOf(byte: number): ReadNote[] {
  return READ_NOTES.filter((_, index) => (byte & (1 << (FORM_BITS + index))) !== 0)
}
