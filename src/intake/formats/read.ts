import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { FileForm } from '../../engine/file-form.ts'
import { cutArray } from './array.ts'
import { cutCsv } from './csv.ts'
import type { Cutter } from './cutter.ts'
import { encodingsOf, type TextEncoding } from './encoding.ts'
import { cutLines } from './lines.ts'
import { behindMarks } from './marks.ts'
import { gathered } from './pieces.ts'
import { beginsAsArray, refuseOtherForms, refuseOtherLines } from './sniff.ts'

export type ReadOptions = {
  /** Bytes of one record (or line), at most; a longer one is refused alone. */
  recordBytes: number
  /** The body is one JSON array instead of NDJSON. */
  array?: boolean
  /** The encoding the sender declared, if any. */
  charset?: TextEncoding
  /** Is told how the file was read, once all of it is. */
  tell?: (form: FileForm) => void
}

/** The first byte of a byte order mark in UTF-8. */
const BOM = 0xef

/**
 * Cuts a file into entries as it streams; a record that is no record is an entry of form `refused`. Throws `body-form` for what
 * is no text, `csv-header` and `body-broken` for a file that cannot be read as a whole.
 */
export async function* readEntries(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: ReadOptions,
): AsyncGenerator<RawEntry> {
  for await (const group of readGroups(bytes, format, options)) {
    for (const entry of group) yield { ...entry, text: entry.text.toString() }
  }
}

/** The same in groups as they arrive, whose texts may be views into the bytes that came. */
export async function* readGroups(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: ReadOptions,
): AsyncGenerator<LooseEntry[]> {
  let cutter: Cutter | undefined
  for await (const piece of gathered(bytes, () => cutter?.kept() ?? 0)) {
    if (cutter === undefined) {
      refuseOtherForms(piece)
      const start = behindMarks(piece, 0)
      const head = start === 0 ? piece : piece.subarray(start)
      cutter = cutterFor(format, piece[0] === BOM, head, options)
      yield cutter.push(head)
    } else yield cutter.push(piece)
  }
  if (cutter !== undefined) yield cutter.end()
}

function cutterFor(format: SourceFormat, hasBom: boolean, head: Buffer, options: ReadOptions): Cutter {
  if (format.kind === 'csv') {
    return cutCsv(format, encodingsOf(format.encodings, hasBom, options.charset), options.recordBytes)
  }
  const isArray = options.array === true || beginsAsArray(head, format)
  if (isArray) return cutArray(options.recordBytes)
  refuseOtherLines(head)
  return cutLines(options.recordBytes)
}
