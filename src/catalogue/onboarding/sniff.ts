import { isUtf8 } from 'node:buffer'
import { TitianError } from '../../domain/error.ts'

/** What kind of file a sample is, and its text. */
export type Sniffed =
  | { kind: 'csv'; delimiter: string; encoding: 'utf-8' | 'windows-1252'; text: string }
  | { kind: 'ndjson'; array: boolean; text: string }

const DELIMITERS = [',', ';', '\t', '|'] as const

/** Recognizes encoding, kind and delimiter of a sample by its bytes. */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) throw new TitianError('body-empty', 'the sample is empty')
  if (isUtf16(bytes)) throw new TitianError('bad-request', 'the sample is UTF-16: save it as UTF-8')
  const encoding = isUtf8(bytes) ? 'utf-8' : 'windows-1252'
  const text = new TextDecoder(encoding).decode(bytes).replace(/^\ufeff/, '')
  const start = text.trimStart()[0]
  if (start === '[') return { kind: 'ndjson', array: true, text }
  if (start === '{') return { kind: 'ndjson', array: false, text }
  return { kind: 'csv', delimiter: delimiterOf(text), encoding, text }
}

/** A stray zero byte is a broken cell; where every second letter is one, it is the encoding. */
function isUtf16(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 1000)
  return head.filter((byte) => byte === 0).length > head.length / 4
}

/** The sign that cuts the header into the most columns, and the next lines into as many. */
function delimiterOf(text: string): string {
  const [header = '', ...lines] = text.split(/\r?\n/, 6).map(withoutQuoted)
  const scored = DELIMITERS.map((delimiter) => {
    const width = header.split(delimiter).length
    const same = lines.filter((line) => line !== '' && line.split(delimiter).length === width).length
    return { delimiter, score: width === 1 ? 0 : width + 10 * same }
  })
  const best = scored.sort((a, b) => b.score - a.score)[0]
  return best === undefined || best.score === 0 ? ',' : best.delimiter
}

function withoutQuoted(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '')
}
