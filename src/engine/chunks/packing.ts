import { ENTRY_FORMS, type EntryForm, type RawEntry } from '../../domain/entry.ts'

const HEAD = 9

/** An entry on its way into a chunk, whose text may still be the bytes that came. */
export type LooseEntry = { line: number; form: EntryForm; text: string | Buffer }

/** Packs entries into one buffer. Each is its line (4 bytes), form (1) and length (4), big-endian, then its text in UTF-8. */
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
export function packEntry({ line, form, text }: LooseEntry, packed: Buffer, at: number): number {
  const length = typeof text === 'string' ? packed.write(text, at + HEAD) : text.copy(packed, at + HEAD)
  packed.writeUInt32BE(line, at)
  packed.writeUInt8(ENTRY_FORMS.indexOf(form), at + 4)
  packed.writeUInt32BE(length, at + 5)
  return at + HEAD + length
}

/** The reverse of `packEntries`; throws a RangeError on a buffer that it did not write. */
export function unpackEntries(packed: Buffer): RawEntry[] {
  const entries: RawEntry[] = []
  for (let at = 0; at < packed.length; ) {
    const form = ENTRY_FORMS[packed.readUInt8(at + 4)]
    const end = at + HEAD + packed.readUInt32BE(at + 5)
    if (form === undefined || end > packed.length) throw new RangeError('not a packed chunk')
    entries.push({ line: packed.readUInt32BE(at), form, text: packed.toString('utf8', at + HEAD, end) })
    at = end
  }
  return entries
}
