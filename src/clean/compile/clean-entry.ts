import type { ValidateFunction } from 'ajv'
import { familyFinder } from '../../domain/content.ts'
import type { Dataset, MadeKeys, OtherFiles, SourceFormat } from '../../domain/dataset.ts'
import type { CanonicalRecord, CleanEntry, Json, Level, RawEntry } from '../../domain/entry.ts'
import { appendFinding, type Finding, verdictOf } from '../../domain/finding.ts'
import type { Agreement, Platform } from '../../domain/platform.ts'
import { REASON_MEMBER } from '../../domain/text/reasons.ts'
import type { GeneratedCode } from '../../language/rules/generated-code.ts'
import type { EntryCheck } from '../../language/rules/rulebook.ts'
import { type CoveredFields, fieldsOutside, narrow } from '../../trust/agreements/coverage.ts'
import type { Note } from '../converters/converter.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'
import { ANYWHERE } from '../mapping/any-platform.ts'
import { type Layout, type Spared, violationsOf } from '../mapping/schema.ts'
import type { BuildRecord, FillOfHead } from './block.ts'
import { type EntryDraft, extend } from './entry-draft.ts'
import { type FieldsAt, noteFieldFindings } from './field-findings.ts'
import type { Finish } from './finish.ts'
import type { IdentityPointers } from './identity.ts'
import type { Locate } from './locate.ts'
import type { CompiledLookup } from './lookups.ts'
import { mapEntry } from './map-entry.ts'
import { inspect, parseCells, parseStrictly } from './parse.ts'
import type { ReadKey } from './record-key.ts'

/** Members of one entry, at most: more than any household or institution on a family card has. */
export const MOST_MEMBERS = 1000

/** An array of a record: how it is read, its pointer, and those of its first elements. */
type Elements = { read(record: Json): Json | undefined; path: string; paths: readonly string[] }

/** A block of a mapping, ready to run. */
export type CompiledBlock = {
  level: 'keluarga' | 'individu'
  build: BuildRecord
  finish: Finish
  /** The array whose elements it maps, its pointer, and those of its first elements. */
  each: Elements | undefined
  /** The array around it, where `each` lies in the elements of another one. */
  outer: Elements | undefined
  readKey: ReadKey
  /** The key is a personal number: a derived one stands for it. */
  isHashed: boolean
  keyPath: string
  identity: IdentityPointers
  /** Fields taken from the head among the members: canonical field of the family, and of the member. */
  heads: ((family: CanonicalRecord, head: CanonicalRecord) => void)[]
  /** Fills what comes from columns of the head. */
  fillOfHead: FillOfHead | undefined
}

/** Everything that `clean` of one dataset version needs. */
export type DatasetParts = {
  name: string
  version: string
  format: SourceFormat
  /** Whether a record fits the schema. It stops at the first error; `validate` then finds all of them. */
  fits: (record: Json) => boolean
  validate: ValidateFunction
  layout: Layout
  /** Makes a record of a CSV row's cells; undefined for objects. */
  fromCells: ((cells: Json) => Json) | undefined
  /** Reads the reference date of a record. */
  readDate: ((record: Json, findings: Finding[]) => string | undefined) | undefined
  locate: Locate | undefined
  blocks: CompiledBlock[]
  /** Reads the key of the entry, where it has one beside those of its records. */
  readEntryKey: ((record: Json) => string) | undefined
  entryKeyPath: string
  lookups: CompiledLookup[]
  /** Which fields a finding concerns, by the pointer of the finding. */
  fieldsAt: FieldsAt
  /** Where the first column of a field stands, below the path of its record. */
  pathOf(level: Level, field: string): string
  /** The fields that an agreement covers; undefined where all are. */
  fieldsOf(agreement: Agreement): CoveredFields | undefined
  note: Note
  check: EntryCheck
  derive(identity: string): string
  /** The text of everything that was compiled for it. */
  generated: GeneratedCode
}

/** Makes a dataset of its parts. Cleaning never throws: bad data becomes findings and a verdict. */
export function datasetOf(parts: DatasetParts): Dataset {
  return {
    name: parts.name,
    version: parts.version,
    format: parts.format,
    clean: (entry, platform, others) => clean(entry, platform, parts, others),
    lookups: parts.lookups,
    recordOf: (entry) => recordOf(entry, parts),
    keysOf: (record) => keysOf(record, parts),
  }
}

function clean(entry: RawEntry, platform: Platform, parts: DatasetParts, others: OtherFiles | undefined): CleanEntry {
  const { line } = entry
  if (entry.form === 'refused') return unread(line, [{ code: entry.text, severity: 'error', path: '' }])
  const isCells = entry.form === 'cells' && parts.fromCells !== undefined
  const parsed = isCells ? parseCells(entry.text, columnsOf(parts.format)) : parseStrictly(entry.text)
  if (parsed.value === undefined) return unread(line, parsed.findings)
  const findings = [...parsed.findings]
  for (const code of entry.notes ?? []) findings.push({ code, severity: 'warning', path: '' })
  const record = parts.fromCells !== undefined && isCells ? parts.fromCells(parsed.value) : withoutReason(parsed.value)
  const excess = excessOf(record, parts.blocks)
  if (excess !== undefined) return unread(line, [excess])
  const fits = parts.fits(record)
  if (!fits) addAll(findings, inspect(record))
  if (verdictOf(findings) === 'rejected') return unread(line, findings, keyIn(record, parts))
  const violations = fits ? undefined : violationsOf(parts.validate, record, parts.layout)
  if (violations !== undefined) addAll(findings, violations.findings)
  if (verdictOf(findings) === 'rejected') return unread(line, findings, keyIn(record, parts))

  const work = mapEntry(record, platform, parts, findings, others)
  if (violations !== undefined) keepBeside(work, violations.spared)
  for (const records of familiesOf(work, parts)) parts.check(records, work.asOf, findings)
  const key = entryKey(record, work, parts)
  // Checked as it came, kept as agreed: whether a record is right is judged by all of it.
  const covered = parts.fieldsOf(platform.agreement)
  if (covered !== undefined) sayOutside(work, covered, platform.agreement.outside, parts)
  const verdict = verdictOf(findings)
  const records = verdict === 'accepted' ? work.finished() : []
  noteFieldFindings(records, findings, parts.fieldsAt)
  return {
    line,
    key: key === '' ? null : key,
    verdict,
    findings,
    records: covered === undefined ? records : records.map((one) => narrow(one, covered)),
  }
}

/** Reports what the agreement does not cover: once where it is left out, field by field where that refuses the entry. */
function sayOutside(
  work: EntryDraft,
  covered: CoveredFields,
  outside: Platform['agreement']['outside'],
  { pathOf }: DatasetParts,
): void {
  for (const record of work.records) {
    const fields = fieldsOutside(record, covered)
    if (outside === 'refuse')
      for (const field of fields)
        work.say('field-outside-agreement', record.path + (field === '' ? '' : pathOf(record.level, field)))
    else if (fields.length > 0) {
      work.say('fields-left-out', '')
      return
    }
  }
}

/** The records that rules look at together: those of one family. Only a building holds several. */
function familiesOf({ records }: EntryDraft, { blocks }: DatasetParts): CanonicalRecord[][] {
  if (!blocks.some(({ level, each }) => level === 'keluarga' && each !== undefined)) return [records]
  const familyOf = familyFinder(records)
  return [...Map.groupBy(records, familyOf).values()]
}

/** The key of the entry: its own, else that of its first record. */
function entryKey(record: Json, work: EntryDraft, { readEntryKey, entryKeyPath }: DatasetParts): string {
  if (readEntryKey === undefined) return work.records[0]?.key ?? ''
  const key = readEntryKey(record)
  if (key === '') work.say('key-missing', entryKeyPath)
  return key
}

function recordOf({ form, text }: RawEntry, { fromCells, format }: DatasetParts): Json | undefined {
  if (form === 'refused') return undefined
  if (form === 'cells' && fromCells !== undefined) return fromCells(parseCells(text, columnsOf(format)).value ?? [])
  return parseStrictly(text).value
}

function keysOf(record: Json, parts: DatasetParts): MadeKeys {
  const work = mapEntry(record, ANYWHERE, parts, [])
  const key = entryKey(record, work, parts)
  return {
    entry: key === '' ? null : key,
    records: work.records.filter((one) => one.key !== '').map(({ level, key: made }) => ({ level, key: made })),
  }
}

/** A record without the reason that the gateway gave it back for. */
function withoutReason(record: Json): Json {
  if (typeof record !== 'object' || record === null || !Object.hasOwn(record, REASON_MEMBER)) return record
  const { [REASON_MEMBER]: _, ...rest } = record as { [name: string]: Json }
  return rest
}

function columnsOf(format: SourceFormat): readonly string[] {
  return format.kind === 'csv' ? format.columns : []
}

/** What the schema refused stays beside the record it belongs to. */
function keepBeside(work: EntryDraft, spared: Spared[]): void {
  const owners = new Map(work.records.map((record) => [record.path, record]))
  for (const { path, value } of spared) {
    const owner = ownerOf(path, owners)
    if (owner !== undefined) extend(owner, path.slice(owner.path.length + 1).replaceAll('/', '.'), value)
  }
}

/** The record that a pointer lies in: the one with the longest path above it. */
function ownerOf(path: string, owners: ReadonlyMap<string, CanonicalRecord>): CanonicalRecord | undefined {
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    const owner = owners.get(path.slice(0, end))
    if (owner !== undefined || end === 0) return owner
  }
  return undefined
}

/** More members or columns than any layout has: the entry is refused before each of them is looked at. */
function excessOf(record: Json, blocks: readonly CompiledBlock[]): Finding | undefined {
  if (typeof record !== 'object' || record === null) return undefined
  for (const { each, outer } of blocks) {
    if (each === undefined) continue
    const around = outer === undefined ? [record] : outer.read(record)
    let members = 0
    for (const one of Array.isArray(around) ? around : []) {
      const rows = typeof one === 'object' && one !== null ? each.read(one) : undefined
      members += 1 + (Array.isArray(rows) ? rows.length : 0)
      if (members > MOST_MEMBERS + 1) return found('members-too-many', (outer ?? each).path)
    }
  }
  return undefined
}

function found(code: FindingCode, path: string): Finding {
  return { code, severity: FINDINGS[code].severity, path }
}

function addAll(findings: Finding[], others: readonly Finding[]): void {
  for (const { code, severity, path } of others) appendFinding(findings, code, severity, path)
}

/** An entry that gives no records: its findings say whether a person may still decide about it. */
function unread(line: number, findings: Finding[], key: string | null = null): CleanEntry {
  return { line, key, verdict: verdictOf(findings), findings, records: [] }
}

/** The key of a record that does not fit, where it stands as in one that does: a later push under it closes these findings. */
function keyIn(record: Json, { blocks, derive }: DatasetParts): string | null {
  const [block] = blocks
  if (block === undefined || block.each !== undefined) return null
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return null
  const given = block.readKey.read(record, record)
  if (typeof given !== 'string' || given === '' || block.readKey.isDamaged(record, record)) return null
  return block.isHashed ? `~${derive(given)}` : given
}
