import type { SourceFormat } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'

const OPEN_ARRAY = 0x5b

/** First bytes of what is no text, by the code that names it. */
const SIGNATURES: readonly [code: string, words: string, bytes: readonly number[]][] = [
  ['utf-16', 'UTF-16; send UTF-8', [0xff, 0xfe]],
  ['utf-16', 'UTF-16; send UTF-8', [0xfe, 0xff]],
  ['gzip', 'gzip; name it in Content-Encoding', [0x1f, 0x8b]],
  ['zstd', 'zstd; name it in Content-Encoding', [0x28, 0xb5, 0x2f, 0xfd]],
  ['workbook', 'a ZIP file or a workbook; save it as text', [0x50, 0x4b, 0x03, 0x04]],
  ['workbook', 'an old workbook; save it as text', [0xd0, 0xcf, 0x11, 0xe0]],
]

/** Refuses a file by its first bytes when it is no text in UTF-8 or a kin of it: throws `body-form`, which names what it is. */
export function refuseOtherForms(head: Buffer): void {
  for (const [code, words, bytes] of SIGNATURES)
    if (bytes.every((byte, at) => head[at] === byte)) throw wrongForm(code, words)
  // UTF-16 without a mark: every other byte of the first letters is zero.
  const isWide = (at: number) => head[at] === 0 && head[at + 2] === 0 && head[at + 1] !== 0 && head.length > 3
  if (isWide(0) || isWide(1)) throw wrongForm('utf-16', 'UTF-16; send UTF-8')
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
