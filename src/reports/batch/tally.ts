import { fieldOf } from '../../domain/field.ts'
import type { Severity } from '../../domain/finding.ts'
import type { EntryFinding } from '../../domain/report.ts'

/** How often one thing was found in one field: findings, the entries that have it, and the first of their lines. */
export type TallyRow = {
  severity: Severity
  code: string
  field: string
  findings: number
  entries: number
  examples: { line: number; path: string }[]
}

/** What one code says of a batch: how many entries have it, in whatever field. */
type TallyCause = { severity: Severity; code: string; entries: number; rows: readonly TallyRow[] }

/** All that was found in a batch, and by field how many entries have a finding there; `more` counts findings of rows beyond the most that are told apart. */
export type FindingTally = {
  rows: readonly TallyRow[]
  causes: readonly TallyCause[]
  fields: ReadonlyMap<string, number>
  more: number
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, hold: 1, warning: 2 }
const EXAMPLES = 3
/** A member's name is part of its pointer and comes from the sender: the number of fields needs a bound. */
const MOST_ROWS = 1000

/** Counts findings chunk by chunk, by severity, code and field. */
export class TallyOfBatch {
  readonly #rows = new Map<string, TallyRow>()
  readonly #causes = new Map<string, number>()
  readonly #fields = new Map<string, number>()
  #more = 0

  /** Takes all that was found in one chunk: an entry lies in one chunk only, so it is counted once. */
  add(findings: readonly EntryFinding[]): void {
    const seen = new Set<string>()
    for (const { line, code, severity, path } of findings) {
      const field = fieldOf(path)
      const row = this.#rowOf(severity, code, field)
      if (row === undefined) {
        this.#more += 1
        continue
      }
      row.findings += 1
      if (isFirst(seen, `${line} ${field}`)) count(this.#fields, field)
      if (isFirst(seen, `${line} ${severity} ${code}`)) count(this.#causes, `${severity} ${code}`)
      if (!isFirst(seen, `${line} ${severity} ${code} ${field}`)) continue
      row.entries += 1
      if (row.examples.length < EXAMPLES) row.examples.push({ line, path })
    }
  }

  /** What was counted: what rejects first, then what holds, each with the most frequent first. */
  end(): FindingTally {
    const rows = [...this.#rows.values()].sort(worstFirst)
    const causes = [...Map.groupBy(rows, ({ severity, code }) => `${severity} ${code}`)].map(([name, of]) => {
      const { severity, code } = of[0] as TallyRow
      return { severity, code, entries: this.#causes.get(name) ?? 0, rows: of }
    })
    return { rows, causes: causes.sort(worstFirst), fields: this.#fields, more: this.#more }
  }

  #rowOf(severity: Severity, code: string, field: string): TallyRow | undefined {
    const name = `${severity} ${code} ${field}`
    const known = this.#rows.get(name)
    if (known !== undefined || this.#rows.size >= MOST_ROWS) return known
    const row: TallyRow = { severity, code, field, findings: 0, entries: 0, examples: [] }
    this.#rows.set(name, row)
    return row
  }
}

function isFirst(seen: Set<string>, name: string): boolean {
  if (seen.has(name)) return false
  seen.add(name)
  return true
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

type Ranked = Pick<TallyRow, 'severity' | 'code' | 'entries'>

function worstFirst(a: Ranked, b: Ranked): number {
  return RANK[a.severity] - RANK[b.severity] || b.entries - a.entries || (a.code < b.code ? -1 : 1)
}
