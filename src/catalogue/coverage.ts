import { plain } from '../clean/compile/assemble.ts'
import { keyColumns } from '../clean/mapping/mapping.ts'
import { stepsOf } from '../clean/mapping/shape.ts'
import type { CanonicalRecord, CleanEntry, Json, RawEntry } from '../domain/entry.ts'
import type { Finding, Severity } from '../domain/finding.ts'
import type { CompiledDataset } from './registry.ts'

/** What became of an entry (member null) or of one of its members, as `titian check --json` prints it. */
export type CheckedPart = {
  line: number
  member: number | null
  key: string | null
  outcome: CleanEntry['verdict']
  findings: Finding[]
  records: CanonicalRecord[]
}

/**
 * One part for the entry, and one for each nested member. The verdict is the entry's: a family is taken whole or not at all, and the
 * findings say which member is the reason.
 */
export function partsOf(dataset: CompiledDataset, entry: RawEntry, result: CleanEntry): CheckedPart[] {
  const { line, verdict, findings, records } = result
  const nested = dataset.mapping.records.find((block) => block.each !== undefined)
  const members = nested?.each === undefined ? [] : memberRows(entry, nested.each)
  const memberPath = (path: string) => members.findIndex((_, index) => isUnder(path, `/${nested?.each}/${index}`))
  const own = <T extends { path: string }>(parts: readonly T[], member: number) =>
    parts.filter(({ path }) => memberPath(path) === member)
  const part = (member: number, key: string | null): CheckedPart => {
    const mine = own(records, member)
    return {
      line,
      member: member < 0 ? null : member,
      key: mine[0]?.key ?? key,
      outcome: verdict,
      findings: own(findings, member),
      records: mine,
    }
  }
  const column = nested === undefined ? '' : (keyColumns(nested)[0] ?? '')
  return [
    part(-1, result.key),
    ...members.map((row, index) => part(index, plain((row as Record<string, Json> | null)?.[column]) || null)),
  ]
}

function memberRows(entry: RawEntry, each: string): Json[] {
  const record = sourceRecord(entry) as Record<string, Json> | null | undefined
  const rows = record?.[each]
  return Array.isArray(rows) ? rows : []
}

function isUnder(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}

/** The source value of a pointer, for a report that stays on the machine of whoever owns the file. */
function sourceValue(dataset: CompiledDataset, entry: RawEntry, path: string): Json | undefined {
  const steps = stepsOf(path)
  let value: Json | undefined = sourceRecord(entry)
  if (entry.form === 'cells' && dataset.format.kind === 'csv')
    return (value as Json[])[dataset.format.columns.indexOf(String(steps[0]))]
  for (const step of steps) value = (value as Record<string, Json> | null | undefined)?.[step]
  return value
}

function sourceRecord(entry: RawEntry): Json | undefined {
  if (entry.form === 'refused') return undefined
  try {
    return JSON.parse(entry.text)
  } catch {
    return undefined
  }
}

export type CodeCount = { code: string; severity: Severity; count: number; firstLine: number }
export type UnmappedCode = { path: string; value: string; count: number }
export type FieldCoverage = { key: string; filled: number; candidates: number; records: number }

/** Counts over a file: outcomes, findings by code, how far each canonical field is filled, and the codes that no list knows. */
export class Coverage {
  readonly outcomes: Record<CleanEntry['verdict'], number> = { accepted: 0, held: 0, rejected: 0 }
  readonly #dataset: CompiledDataset
  readonly #codes = new Map<string, CodeCount>()
  readonly #unmapped = new Map<string, UnmappedCode>()
  readonly #fields = new Map<string, FieldCoverage>()
  readonly #records = { keluarga: 0, individu: 0 }

  constructor(dataset: CompiledDataset) {
    this.#dataset = dataset
    for (const key of dataset.carries) this.#fields.set(key, { key, filled: 0, candidates: 0, records: 0 })
  }

  add(entry: RawEntry, result: CleanEntry): void {
    this.outcomes[result.verdict]++
    for (const { code, severity, path } of result.findings) {
      const known = this.#codes.get(`${code} ${severity}`) ?? { code, severity, count: 0, firstLine: result.line }
      this.#codes.set(`${code} ${severity}`, { ...known, count: known.count + 1 })
      if (code === 'code-unmapped') this.#countUnmapped(entry, path)
    }
    for (const { level, fields, candidates } of result.records) {
      this.#records[level]++
      for (const name of Object.keys(fields)) this.#count(`${level}.${name}`, 'filled')
      for (const name of Object.keys(candidates ?? {}))
        if (fields[name] === undefined) this.#count(`${level}.${name}`, 'candidates')
    }
  }

  /** Findings by code, the most frequent first. */
  get codes(): CodeCount[] {
    return [...this.#codes.values()].sort((a, b) => b.count - a.count)
  }

  /** Source codes without a row in their list, the most frequent first. */
  get unmapped(): UnmappedCode[] {
    return [...this.#unmapped.values()].sort((a, b) => b.count - a.count)
  }

  /** Every canonical field that the dataset carries, of how many accepted records it is filled. */
  get fields(): FieldCoverage[] {
    return [...this.#fields.values()].map((field) => ({
      ...field,
      records: this.#records[field.key.startsWith('keluarga.') ? 'keluarga' : 'individu'],
    }))
  }

  #count(key: string, what: 'filled' | 'candidates'): void {
    const field = this.#fields.get(key)
    if (field !== undefined) field[what]++
  }

  #countUnmapped(entry: RawEntry, path: string): void {
    const value = sourceValue(this.#dataset, entry, path)
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
    const column = path.replace(/\/[0-9]+\//, '[]/')
    const known = this.#unmapped.get(`${column} ${text}`) ?? { path: column, value: text, count: 0 }
    this.#unmapped.set(`${column} ${text}`, { ...known, count: known.count + 1 })
  }
}
