import { isUtf8 } from 'node:buffer'
import { TitianError } from '../../domain/error.ts'
import { isOldWorkbook, isZip } from '../../intake/formats/sniff.ts'
import { wideEncoding } from '../../intake/formats/wide.ts'

/** What kind of file a sample is, and its text. */
export type Sniffed =
  | { kind: 'csv'; delimiter: string; encoding: 'utf-8' | 'windows-1252'; text: string }
  | { kind: 'ndjson'; array: boolean; text: string }

/** A first line that only tells a spreadsheet the delimiter. */
const SEPARATOR_LINE = /^"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)/i

const DELIMITERS = [',', ';', '\t', '|'] as const

/** Recognizes encoding, kind and delimiter of a sample by its bytes. Throws `bad-request` for a workbook. */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) throw new TitianError('body-empty', 'the sample is empty')
  if (isZip(bytes) || isOldWorkbook(bytes))
    throw new TitianError(
      'bad-request',
      'the sample is a workbook: save its sheet as CSV and draft from that; "titian check" and pushes read an XLSX workbook itself',
    )
  const wide = wideEncoding(bytes)
  const encoding = wide !== undefined || isUtf8(bytes) ? 'utf-8' : 'windows-1252'
  const whole = new TextDecoder(wide ?? encoding).decode(bytes).replace(/^\ufeff/, '')
  const said = SEPARATOR_LINE.exec(whole)
  const text = said === null ? whole : whole.slice(said[0].length)
  const start = text.trimStart()[0]
  if (start === '[') return { kind: 'ndjson', array: true, text }
  if (start === '{') return { kind: 'ndjson', array: false, text }
  return { kind: 'csv', delimiter: said?.[1] ?? delimiterOf(text), encoding, text }
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
