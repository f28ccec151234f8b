import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { Outcome } from '../../domain/states.ts'
import { REASON_MEMBER } from '../../domain/text/reasons.ts'

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

/** Writes rows in one form of the sender's own layout. */
export type RowWriter = { head: string; row(entry: RawEntry, reason: RowReason): string }

/**
 * Rows as CSV in the dataset's columns and delimiter, with the reasons in columns behind. All cells are quoted and none is changed: a
 * row that is pushed again is the very row that came. It begins with a byte order mark, since spreadsheets take the text for another encoding else.
 */
export function csvWriter(format: Extract<SourceFormat, { kind: 'csv' }>): RowWriter {
  const { columns, delimiter } = format
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(delimiter)}\r\n`
  const nothing = columns.map(() => '')
  return {
    head: `\uFEFF${line([...columns, ...COLUMNS])}`,
    row: ({ form, text }, { line: at, outcome, findings }) => {
      const cells = form === 'cells' ? (JSON.parse(text) as string[]) : nothing
      const all = (pick: (finding: RowReason['findings'][number]) => string) =>
        [...new Set(findings.map(pick))].map(unlikeFormula).join(' | ')
      const reasons = [
        all(({ code }) => code),
        all(({ path }) => path),
        all(({ title }) => title),
        all(({ mend }) => mend),
      ]
      return line([...cells, String(at), outcome, ...reasons])
    },
  }
}

/** Rows as NDJSON: the text that came, with the reasons in one more member. A row that could not be read has nothing else. */
export function ndjsonWriter(): RowWriter {
  return {
    head: '',
    row: ({ form, text }, { line, outcome, findings }) => {
      const reason = `"${REASON_MEMBER}":${JSON.stringify({ line, outcome, findings })}}\n`
      const record = form === 'object' ? withoutReason(text) : '{}'
      if (record === undefined) return `${oneLine(text)}\n`
      return `${record.slice(0, -1)}${record === '{}' ? '' : ','}${reason}`
    },
  }
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
