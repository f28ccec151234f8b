import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { cutArray } from './array.ts'
import { cutCsv } from './csv.ts'
import type { Cutter } from './cutter.ts'
import { encodingsOf, type TextEncoding } from './encoding.ts'
import { cutLines } from './lines.ts'

export type ReadOptions = {
  /** Bytes of one record (or line), at most; a longer one is refused alone. */
  recordBytes: number
  /** The body is one JSON array instead of NDJSON. */
  array?: boolean
  /** The encoding the sender declared, if any. */
  charset?: TextEncoding
}

// Small pieces are gathered first: a client that drips single bytes must not have its unfinished record scanned for each.
const PIECE_BYTES = 64 * 1024

/** Cuts a file into entries as it streams; a record that is no record is an entry of form `refused`. */
export async function* readEntries(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: ReadOptions,
): AsyncGenerator<RawEntry> {
  for await (const group of readGroups(bytes, format, options)) {
    for (const { line, form, text } of group) yield { line, form, text: text.toString() }
  }
}

/** The same in groups as they arrive, whose texts may be views into the bytes that came. */
export async function* readGroups(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: ReadOptions,
): AsyncGenerator<LooseEntry[]> {
  let cutter: Cutter | undefined
  for await (const piece of gather(bytes)) {
    if (cutter === undefined) {
      const hasBom = piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf
      cutter = cutterFor(format, hasBom, options)
      yield cutter.push(hasBom ? piece.subarray(3) : piece)
    } else yield cutter.push(piece)
  }
  if (cutter !== undefined) yield cutter.end()
}

function cutterFor(format: SourceFormat, hasBom: boolean, options: ReadOptions): Cutter {
  if (format.kind === 'csv') {
    return cutCsv(format, encodingsOf(format.encodings, hasBom, options.charset), options.recordBytes)
  }
  return options.array === true ? cutArray(options.recordBytes) : cutLines(options.recordBytes)
}

async function* gather(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let size = 0
  for await (const piece of bytes) {
    pieces.push(piece)
    size += piece.length
    if (size < PIECE_BYTES) continue
    yield pieces.length === 1 ? piece : Buffer.concat(pieces)
    pieces = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(pieces)
}
