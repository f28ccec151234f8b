import type { SourceFormat } from '../../src/domain/dataset.ts'
import type { Dice } from './dice.ts'
import type { Strike } from './errors/rates.ts'
import type { Row, Truth } from './sources/row.ts'

/** A file as a platform pushes it. */
export type File = { platform: string; dataset: string; path: string; text: string }

/** A row of `truth/rows.ndjson`. */
export type TruthRow = Truth & { platform: string; dataset: string; file: string; line: number; record: number }

type Sheet = { platform: string; dataset: string; name: string; format: SourceFormat }
type WrittenFile = { file: File; truth: TruthRow[] }

/** Writes rows as CSV in the dialect of the format, with lines that are too short, too long or there twice. */
export function writeCsv(sheet: Sheet, rows: readonly Row[], strike: Strike, dice: Dice): WrittenFile {
  const { format } = sheet
  if (format.kind !== 'csv') throw new Error(`${sheet.dataset} is no CSV`)
  // These two say so in their layouts: every field quoted and CRLF, a byte order mark.
  const isQuoted = sheet.dataset === 'jembrana'
  const cell = (value: unknown) => cellOf(String(value ?? ''), format.delimiter, isQuoted)
  const end = isQuoted ? '\r\n' : '\n'
  const lines = new Lines(
    sheet,
    `${sheet.dataset === 'sumedang' ? '\ufeff' : ''}${format.columns.map(cell).join(format.delimiter)}${end}`,
  )
  for (const { content, truth } of rows) {
    const cells = format.columns.map((column) => cell(content[column]))
    const errors: string[] = []
    if (strike('csv_ragged_short')) {
      cells.splice(dice.below(cells.length), 1)
      errors.push('csv_ragged_short')
    } else if (strike('csv_ragged_long')) {
      cells.push(cell('x'))
      errors.push('csv_ragged_long')
    }
    const text = cells.join(format.delimiter) + end
    lines.add(text, truth, errors)
    if (strike('dup_exact')) lines.add(text, truth, [...errors, 'dup_exact'])
  }
  return lines.written('csv')
}

/** Writes rows as NDJSON, with lines that are no JSON, hold a key twice, or are there twice. */
export function writeJson(sheet: Sheet, rows: readonly Row[], strike: Strike): WrittenFile {
  const lines = new Lines(sheet, '')
  for (const { content, truth } of rows) {
    const errors: string[] = []
    let text = JSON.stringify(content)
    if (strike('json_broken')) {
      text = text.slice(0, -2)
      errors.push('json_broken')
    } else if (strike('json_proto_key')) {
      text = `{"__proto__":{"isAdmin":true},${text.slice(1)}`
      errors.push('json_proto_key')
    } else if (strike('json_duplicate_key')) {
      const [first = ''] = /"[^"]+":"[^"]*"/.exec(text) ?? []
      text = `{${first},${text.slice(1)}`
      errors.push('json_duplicate_key')
    }
    lines.add(`${text}\n`, truth, errors)
    if (strike('dup_exact')) lines.add(`${text}\n`, truth, [...errors, 'dup_exact'])
  }
  return lines.written('ndjson')
}

function cellOf(text: string, delimiter: string, isQuoted: boolean): string {
  const mustQuote = isQuoted || text.includes(delimiter) || /["\r\n]/.test(text)
  return mustQuote ? `"${text.replaceAll('"', '""')}"` : text
}

/** Counts the physical lines and the records, as the truth names them. */
class Lines {
  readonly #sheet: Sheet
  readonly #parts: string[]
  readonly #truth: (Truth & { line: number; record: number })[] = []
  #line: number
  #record = 0

  constructor(sheet: Sheet, header: string) {
    this.#sheet = sheet
    this.#parts = [header]
    this.#line = header === '' ? 1 : 2
  }

  add(text: string, truth: readonly Truth[], errors: readonly string[]): void {
    this.#parts.push(text)
    this.#record += 1
    for (const one of truth)
      this.#truth.push({ ...one, errors: [...one.errors, ...errors], line: this.#line, record: this.#record })
    this.#line += text.split('\n').length - 1
  }

  written(kind: string): WrittenFile {
    const { platform, dataset, name } = this.#sheet
    const path = `${platform}/${name}.${kind}`
    const truth = this.#truth.map((row) => ({ dataset: name, file: path, platform, ...row }))
    return { file: { platform, dataset, path, text: this.#parts.join('') }, truth }
  }
}
