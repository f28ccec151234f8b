import { plain } from '../clean/compile/assemble.ts'
import { MOST_MEMBERS } from '../clean/compile/clean-entry.ts'
import { arraysOf, keyColumns } from '../clean/mapping/mapping.ts'
import { stepsOf } from '../clean/mapping/shape.ts'
import { pointerPart } from '../clean/mapping/texts.ts'
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
  const nested =
    dataset.mapping.records.find(({ level, each }) => level === 'individu' && each !== undefined) ??
    dataset.mapping.records.find(({ each }) => each !== undefined)
  const members = nested === undefined ? [] : membersIn(sourceRecord(entry), arraysOf(nested))
  const memberOf = memberFinder(members)
  const [itsFindings, itsRecords] = [Map.groupBy(findings, memberOf), Map.groupBy(records, memberOf)]
  const part = (member: number, key: string | null): CheckedPart => {
    const mine = itsRecords.get(member) ?? []
    return {
      line,
      member: member < 0 ? null : member,
      key: mine[0]?.key ?? key,
      outcome: verdict,
      findings: itsFindings.get(member) ?? [],
      records: mine,
    }
  }
  const column = nested === undefined ? '' : (keyColumns(nested)[0] ?? '')
  return [
    part(-1, result.key),
    ...members.map(({ row }, index) => part(index, plain((row as Record<string, Json> | null)?.[column]) || null)),
  ]
}

/** The member that a pointer lies in, by its number; -1 for the entry itself. */
function memberFinder(members: readonly Member[]): (part: { path: string }) => number {
  const numbers = new Map(members.map(({ path }, index) => [path, index]))
  return ({ path }) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const member = numbers.get(path.slice(0, end))
      if (member !== undefined) return member
    }
    return -1
  }
}

/** A nested member: its pointer, and what it says. */
type Member = { path: string; row: Json }

/** The members of a record, through one array or two; none where there are more than a record may have. */
function membersIn(record: Json | undefined, arrays: readonly string[]): Member[] {
  let parts: Member[] = record === undefined ? [] : [{ path: '', row: record }]
  for (const array of arrays) {
    const steps = array.split('.')
    parts = parts.flatMap(({ path, row }) => {
      let at: Json | undefined = row
      for (const step of steps) at = (at as Record<string, Json> | null | undefined)?.[step]
      const below = path + steps.map((step) => `/${pointerPart(step)}`).join('')
      return Array.isArray(at) ? at.map((one, index) => ({ path: `${below}/${index}`, row: one })) : []
    })
    if (parts.length > MOST_MEMBERS) return []
  }
  return parts
}

/** The source value of a pointer, for a report that stays on the machine of whoever owns the file. */
function sourceValue(dataset: CompiledDataset, source: Json | undefined, path: string): Json | undefined {
  const steps = stepsOf(path)
  let value = source
  if (Array.isArray(value) && dataset.format.kind === 'csv')
    return value[dataset.format.columns.indexOf(String(steps[0]))]
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
    const source = result.findings.some(({ code }) => code === 'code-unmapped') ? sourceRecord(entry) : undefined
    for (const { code, severity, path } of result.findings) {
      const known = this.#codes.get(`${code} ${severity}`) ?? { code, severity, count: 0, firstLine: result.line }
      this.#codes.set(`${code} ${severity}`, { ...known, count: known.count + 1 })
      if (code === 'code-unmapped') this.#countUnmapped(source, path)
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

  #countUnmapped(source: Json | undefined, path: string): void {
    const value = sourceValue(this.#dataset, source, path)
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
    const column = path.replace(/\/[0-9]+\//, '[]/')
    const known = this.#unmapped.get(`${column} ${text}`) ?? { path: column, value: text, count: 0 }
    this.#unmapped.set(`${column} ${text}`, { ...known, count: known.count + 1 })
  }
}
