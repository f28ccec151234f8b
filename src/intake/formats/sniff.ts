import type { SourceFormat } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import { LF } from './cutter.ts'

const OPEN_ARRAY = 0x5b

/** The media type of an XLSX workbook (IANA). */
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const OLD_WORKBOOK = 'an old workbook (XLS), or one with a password; save it as XLSX without one'

/** First bytes of what is no text, by the code that names it. */
const SIGNATURES: readonly [code: string, words: string, bytes: readonly number[]][] = [
  ['gzip', 'gzip; name it in Content-Encoding', [0x1f, 0x8b]],
  ['zstd', 'zstd; name it in Content-Encoding', [0x28, 0xb5, 0x2f, 0xfd]],
  ['workbook', `an XLSX workbook or another ZIP file; send a workbook as ${XLSX_TYPE}`, [0x50, 0x4b, 0x03, 0x04]],
  ['workbook', OLD_WORKBOOK, [0xd0, 0xcf, 0x11, 0xe0]],
]

/** Refuses a file by its first bytes when it is no text: throws `body-form`, which names what it is. */
export function refuseOtherForms(head: Buffer): void {
  for (const [code, words, bytes] of SIGNATURES)
    if (bytes.every((byte, at) => head[at] === byte)) throw wrongForm(code, words)
}

const ZIPS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
]
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0]
/** The stream that holds an XLSX workbook under a password ([MS-OFFCRYPTO], 2.3.4.4), as its directory names it. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le')

/** Whether a file begins as a ZIP does, as every XLSX workbook. */
export function isZip(head: Buffer): boolean {
  return ZIPS.some((zip) => zip.every((byte, at) => head[at] === byte))
}

/** Whether a file begins as an XLS workbook does, or one with a password. */
export function isOldWorkbook(head: Buffer): boolean {
  return COMPOUND_FILE.every((byte, at) => head[at] === byte)
}

/** Refuses a file that was sent as an XLSX workbook by its first bytes when it is none: throws `body-form`, which names what it is. */
export function refuseAsWorkbook(head: Buffer): void {
  if (isZip(head)) return
  if (!isOldWorkbook(head)) throw wrongForm('no-workbook', 'no XLSX workbook')
  if (head.includes(ENCRYPTED)) throw wrongForm('workbook-encrypted', 'a workbook with a password; save it without one')
  throw wrongForm('workbook', OLD_WORKBOOK)
}

const SAMPLED_LINES = 3
const HEAD_BYTES = 64 * 1024
/** A line that begins as an object, perhaps behind a mark. */
const HOLDS_OBJECT = /^[^\x21-\x7e]*\{/m

/**
 * Refuses lines none of which is an object, or all of which end with the comma of an array: each would be refused by itself, and nobody told why.
 * The beginning of the file decides; throws `body-form`.
 */
export function refuseOtherLines(head: Buffer): void {
  const lines = firstLines(head)
  if (lines.length < SAMPLED_LINES) return
  if (lines.every((line) => !line.startsWith('{')) && !HOLDS_OBJECT.test(head.toString('latin1', 0, HEAD_BYTES)))
    throw wrongForm('no-json-lines', 'no lines of JSON objects')
  if (lines.every((line) => line.startsWith('{') && line.endsWith('},')))
    throw wrongForm('json-commas', 'objects with commas between; send an array, or one object a line without a comma')
}

/** The first lines that are not blank, trimmed, as far as they are whole. */
function firstLines(head: Buffer): string[] {
  const lines: string[] = []
  for (let at = 0; lines.length < SAMPLED_LINES; ) {
    const end = head.indexOf(LF, at)
    if (end === -1) return lines
    const line = head.toString('latin1', at, end).trim()
    if (line !== '') lines.push(line)
    at = end + 1
  }
  return lines
}

function wrongForm(code: string, words: string): TitianError {
  return new TitianError('body-form', `the body is ${words}`, { places: [{ pointer: '/body', code }] })
}

/** Whether a file that should be lines of JSON begins as one array, which is read as one. */
export function beginsAsArray(head: Buffer, format: SourceFormat): boolean {
  if (format.kind !== 'ndjson') return false
  let at = 0
  while (at < head.length && (head[at] as number) <= 0x20) at += 1
  return head[at] === OPEN_ARRAY
}
