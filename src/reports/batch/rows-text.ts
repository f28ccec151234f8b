import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { Outcome } from '../../domain/states.ts'
import { REASON_MEMBER } from '../../domain/text/reasons.ts'
import { LONGEST_CELL, writeXlsx } from '../../io/workbook/xlsx-out.ts'

/** Why a row is given back: what became of it, and each finding in words. */
export type RowReason = {
  line: number
  outcome: Outcome | 'pending'
  findings: readonly { code: string; path: string; title: string; mend: string }[]
}

const COLUMNS = [
  'titian_line',
  'titian_outcome',
  'titian_code',
  'titian_field',
  'titian_reason',
  'titian_mend',
] as const
const LAST_REASON = `"${REASON_MEMBER}":{"line":`

/** A row that is given back. */
export type GivenRow = { entry: RawEntry; reason: RowReason }

/** Writes rows in one form of the sender's own layout; rows come as many at a time as one chunk has. */
export type RowWriter = (chunks: AsyncIterable<readonly GivenRow[]>) => AsyncIterable<string | Buffer>

type CsvFormat = Extract<SourceFormat, { kind: 'csv' }>

/**
 * Rows as CSV in the dataset's columns and delimiter, with the reasons in columns behind. All cells are quoted and none is changed: a
 * row that is pushed again is the very row that came. It begins with a byte order mark, since spreadsheets take the text for another encoding else.
 */
export function csvWriter({ columns, delimiter }: CsvFormat): RowWriter {
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(delimiter)}\r\n`
  return async function* (chunks) {
    yield `\uFEFF${line([...columns, ...COLUMNS])}`
    for await (const rows of chunks)
      yield rows.map(({ entry, reason }) => line([...cellsOf(entry, columns), ...reasonCells(reason)])).join('')
  }
}

/**
 * The same table as a workbook, in which every cell is text. A row with a cell that is longer than a workbook can hold is given without its
 * cells: cut ones would be pushed again as if they were whole.
 */
export function xlsxWriter({ columns }: CsvFormat, name: string): RowWriter {
  return (chunks) => writeXlsx({ name, columns: [...columns, ...COLUMNS] }, tableRows(chunks, columns))
}

async function* tableRows(chunks: AsyncIterable<readonly GivenRow[]>, columns: readonly string[]) {
  for await (const rows of chunks) {
    for (const { entry, reason } of rows) {
      const cells = cellsOf(entry, columns)
      const isTooLong = cells.some((cell) => cell.length > LONGEST_CELL)
      const given = isTooLong ? columns.map(() => '') : cells
      yield [...given, ...reasonCells(reason).map((cell) => cell.slice(0, LONGEST_CELL))]
    }
  }
}

function cellsOf({ form, text }: RawEntry, columns: readonly string[]): string[] {
  return form === 'cells' ? (JSON.parse(text) as string[]) : columns.map(() => '')
}

function reasonCells({ line, outcome, findings }: RowReason): string[] {
  const all = (pick: (finding: RowReason['findings'][number]) => string) =>
    [...new Set(findings.map(pick))].map(unlikeFormula).join(' | ')
  const texts = [all(({ code }) => code), all(({ path }) => path), all(({ title }) => title), all(({ mend }) => mend)]
  return [String(line), outcome, ...texts]
}

/** Rows as NDJSON: the text that came, with the reasons in one more member. A row that could not be read has nothing else. */
export function ndjsonWriter(): RowWriter {
  return async function* (chunks) {
    for await (const rows of chunks) yield rows.map(recordText).join('')
  }
}

function recordText({ entry: { form, text }, reason: { line, outcome, findings } }: GivenRow): string {
  const reason = `"${REASON_MEMBER}":${JSON.stringify({ line, outcome, findings })}}\n`
  const record = form === 'object' ? withoutReason(text) : '{}'
  if (record === undefined) return `${oneLine(text)}\n`
  return `${record.slice(0, -1)}${record === '{}' ? '' : ','}${reason}`
}

/** A record as one line, without the reason of an earlier time; undefined where no member can be added to it. */
function withoutReason(text: string): string | undefined {
  const line = oneLine(text)
  const parsed = objectOf(line)
  if (parsed === undefined) return undefined
  if (Object.keys(parsed).length === 0) return '{}'
  if (!Object.hasOwn(parsed, REASON_MEMBER)) return line
  const at = line.lastIndexOf(LAST_REASON)
  const before = line.slice(0, Math.max(at, 0)).replace(/,\s*$/, '')
  const rest = at < 0 ? undefined : objectOf(`${before}}`)
  // Written anew it would lose digits of numbers: one that stands elsewhere is left as it is.
  return rest === undefined || Object.keys(rest).length + 1 !== Object.keys(parsed).length ? undefined : `${before}}`
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** In valid JSON a line end stands between tokens only. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').trim()
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}

/** A pointer holds names that the sender chose. */
function unlikeFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
