import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import { appendFinding, type Finding, type Severity } from '../../domain/finding.ts'
import { dayNumber } from '../../language/calendar.ts'
import type { Note } from '../converters/converter.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'
import type { Village } from '../regions/regions.ts'
import type { Finish } from './finish.ts'

/** A name that is there and not taken: it holds a person, and is only missing beside a family. */
export const REFUSED_NAMES: readonly string[] = ['name-too-long', 'name-damaged']

/** Where a record is of: its village, else the BPS code of the smallest known place around it. */
export type Located = { village?: Village; region?: string | undefined }

const FEW = 16

/** One entry while it is being cleaned: its records so far, and what was found. */
export class EntryDraft {
  readonly findings: Finding[]
  /** The records in the making. */
  readonly records: CanonicalRecord[] = []
  readonly #finish: Finish[] = []
  readonly asOf: string | undefined
  /** `asOf` as the number YYYYMMDD, NaN where it is not known. */
  readonly today: number
  readonly place: Village | undefined
  /** BPS code of the smallest known place around a village that is not known. */
  readonly region: string | undefined
  /** Keys that records of this entry have already, with their level. */
  #keys: Set<string> | undefined
  #families: Map<string, CanonicalRecord> | undefined

  constructor(findings: Finding[], asOf: string | undefined, { village, region }: Located = {}) {
    this.findings = findings
    this.asOf = asOf
    this.today = dayNumber(asOf)
    this.place = village
    this.region = region
  }

  add(record: CanonicalRecord, finish: Finish): void {
    this.records.push(record)
    if (record.level === 'keluarga' && record.path !== '') {
      this.#families ??= new Map()
      this.#families.set(record.path, record)
    }
    this.#finish.push(finish)
  }

  /** Takes a key for a record of a level; false when an earlier record of this entry has it. */
  takeKey(level: CanonicalRecord['level'], key: string): boolean {
    // Most entries are a family, and looking at a few records is cheaper than a set of their keys.
    if (this.records.length <= FEW) {
      for (const other of this.records) if (other.key === key && other.level === level) return false
      return true
    }
    this.#keys ??= new Set(this.records.map((record) => `${record.level} ${record.key}`))
    const name = `${level} ${key}`
    if (this.#keys.has(name)) return false
    this.#keys.add(name)
    return true
  }

  /** The family that was made of the element under a pointer. */
  familyAt(path: string): CanonicalRecord | undefined {
    return this.#families?.get(path)
  }

  finished(): CanonicalRecord[] {
    return this.records.map((record, index) => (this.#finish[index] as Finish)(record))
  }

  say(code: FindingCode, path: string, severity: Severity = FINDINGS[code].severity): void {
    addFinding(this.findings, code, path, severity)
  }

  /** Puts what a conversion said beside its value into the record and the findings, and clears the note. */
  take(record: CanonicalRecord, note: Note, path: string, source: string, field: string, value: Json): void {
    if (note.code !== '') {
      const isOfFamily = REFUSED_NAMES.includes(note.code) && record.level === 'keluarga'
      const level = isOfFamily ? 'warning' : note.severity
      this.say(note.code, path, level)
    }
    if (note.keep) extend(record, source, value)
    if (note.keepAs !== undefined) extend(record, note.keepAs.name, note.keepAs.value)
    if (note.candidates !== undefined) {
      record.candidates ??= {}
      record.candidates[field] = note.candidates
    }
    if (note.inferred) infer(record, field)
    note.clear()
  }
}

/** Adds a finding once: two fields read from one column must not report it twice. */
export function addFinding(
  findings: Finding[],
  code: FindingCode,
  path: string,
  severity: Severity = FINDINGS[code].severity,
): void {
  appendFinding(findings, code, severity, path)
}

/** Keeps a source value beside the canonical fields. */
export function extend(record: CanonicalRecord, name: string, value: Json): void {
  record.extensions ??= {}
  record.extensions[name] = value
}

/** Marks a field whose value was chosen or concluded, not stated. */
export function infer(record: CanonicalRecord, field: string): void {
  record.inferred ??= []
  if (!record.inferred.includes(field)) record.inferred.push(field)
}
