import type { FileForm } from '../../engine/file-form.ts'
import type { CsvFormat } from './csv.ts'
import { namesIn } from './csv-header.ts'

/** What the beginning of a CSV says of it. */
export type Dialect = { delimiter: string; headerLine: number; hasSeparatorLine: boolean }

const DELIMITERS = [',', ';', '|', '\t']
const HEAD_BYTES = 64 * 1024
const SEPARATOR = /^"?sep=.?"?$/i

/** The delimiter that the header is written with: the declared one, unless another cuts it into more names of columns. */
export function dialectOf(head: Buffer, { delimiter: declared, columns }: CsvFormat): Dialect {
  const lines = head.toString('utf8', 0, HEAD_BYTES).split(/\r\n|\n|\r/, 20)
  const isSeparator = (line: string) => SEPARATOR.test(line.trim())
  const at = lines.findIndex((line) => line.trim() !== '' && !isSeparator(line))
  const header = lines[at] ?? ''
  const scored = [declared, ...DELIMITERS].map((delimiter) => ({
    delimiter,
    names: namesIn(cellsOf(header, delimiter), columns),
  }))
  const best = scored.reduce((one, other) => (other.names > one.names ? other : one))
  return {
    delimiter: best.delimiter,
    headerLine: Math.max(0, at) + 1,
    hasSeparatorLine: lines.slice(0, Math.max(0, at)).some(isSeparator),
  }
}

function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const sign of line) {
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === delimiter && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else cell += sign
  }
  return [...cells, cell]
}

/** How the lines of a text end, as far as its beginning shows. */
export function lineEndsOf(head: Buffer): NonNullable<FileForm['line_ends']> {
  const text = head.toString('latin1', 0, HEAD_BYTES).replace(/\r$/, '')
  const ends = new Set(text.match(/\r\n|\n|\r/g))
  const [first, second] = ends
  if (second !== undefined) return 'mixed'
  return first === undefined ? 'none' : first === '\r\n' ? 'crlf' : first === '\n' ? 'lf' : 'cr'
}

/** Whether a cell of the beginning is in quotes. */
export function quoteOf(head: Buffer): '"' | null {
  return head.subarray(0, HEAD_BYTES).includes('"') ? '"' : null
}
