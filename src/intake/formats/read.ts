import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import type { FileForm } from '../../engine/file-form.ts'
import { cutArray } from './array.ts'
import { cutCsv } from './csv.ts'
import { type Cutter, END_MARK } from './cutter.ts'
import { dialectOf, lineEndsOf, quoteOf } from './dialect.ts'
import { encodingsOf, type TextEncoding } from './encoding.ts'
import { cutLines } from './lines.ts'
import { behindMarks } from './marks.ts'
import { gathered } from './pieces.ts'
import { beginsAsArray, refuseOtherForms, refuseOtherLines } from './sniff.ts'
import { narrowed, wideEncoding } from './wide.ts'

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
  let form: FileForm | undefined
  let last: Buffer | undefined
  const { wide, text } = await asUtf8(bytes)
  for await (const piece of gathered(text, () => cutter?.kept() ?? 0)) {
    last = piece
    if (cutter === undefined) {
      refuseOtherForms(piece)
      const start = behindMarks(piece, 0)
      const head = start === 0 ? piece : piece.subarray(start)
      const reading = readingOf(format, wide !== undefined || piece[0] === BOM, head, options)
      cutter = reading.cutter
      form = { ...reading.form, byte_order_mark: piece[0] === BOM, line_ends: lineEndsOf(head) }
      yield cutter.push(head)
    } else yield cutter.push(piece)
  }
  if (cutter === undefined || form === undefined) return
  yield cutter.end()
  const encoding = wide ?? cutter.encoding?.() ?? 'utf-8'
  options.tell?.({ ...form, encoding, end_mark: last?.at(-1) === END_MARK })
}

/** The text of a file in UTF-8, or in what only its lines tell; `wide` where it was UTF-16. */
async function asUtf8(bytes: AsyncIterable<Buffer>) {
  const pieces = gathered(bytes, () => 0)
  const first = await pieces.next()
  if (first.done === true) return { wide: undefined, text: pieces }
  const wide = wideEncoding(first.value)
  const whole = behind(first.value, pieces)
  return { wide, text: wide === undefined ? whole : narrowed(whole, wide) }
}

async function* behind(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

type Reading = { cutter: Cutter; form: FileForm }

function readingOf(format: SourceFormat, isUnicode: boolean, head: Buffer, options: ReadOptions): Reading {
  const { recordBytes, charset } = options
  if (format.kind === 'csv') {
    const { delimiter, headerLine, hasSeparatorLine } = dialectOf(head, format)
    const encodings = encodingsOf(format.encodings, isUnicode, charset)
    return {
      cutter: cutCsv({ ...format, delimiter }, encodings, recordBytes),
      form: {
        ...{ kind: 'csv', delimiter, quote: quoteOf(head) },
        ...{ separator_line: hasSeparatorLine, header_line: headerLine },
      },
    }
  }
  const isArray = options.array === true || beginsAsArray(head, format)
  if (isArray) return { cutter: cutArray(recordBytes), form: { kind: 'json-array' } }
  refuseOtherLines(head)
  return { cutter: cutLines(recordBytes), form: { kind: 'ndjson' } }
}
