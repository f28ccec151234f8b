import { ENTRY_FORMS, type RawEntry } from './entry.ts'

const HEAD = 9

/** Packs entries into one buffer: per entry its line (4 bytes), form (1), byte length (4), all big-endian, then UTF-8 text. */
export function packEntries(entries: readonly RawEntry[]): Buffer {
  let size = 0
  for (const { text } of entries) size += HEAD + Buffer.byteLength(text)
  const packed = Buffer.allocUnsafe(size)
  let at = 0
  for (const { line, form, text } of entries) {
    const length = packed.write(text, at + HEAD)
    packed.writeUInt32BE(line, at)
    packed.writeUInt8(ENTRY_FORMS.indexOf(form), at + 4)
    packed.writeUInt32BE(length, at + 5)
    at += HEAD + length
  }
  return packed
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
