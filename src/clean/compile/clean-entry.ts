import type { ValidateFunction } from 'ajv'
import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import type { Dataset, SourceFormat } from '../../domain/dataset.ts'
import type { CanonicalRecord, CleanEntry, Json, RawEntry } from '../../domain/entry.ts'
import { appendFinding, type Finding, verdictOf } from '../../domain/finding.ts'
import type { Platform } from '../../domain/platform.ts'
import { REASON_MEMBER } from '../../domain/reasons.ts'
import type { GeneratedCode } from '../../language/rules/generated-code.ts'
import type { EntryCheck } from '../../language/rules/rulebook.ts'
import type { Convert, Note } from '../converters/converter.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'
import { type Layout, type Spared, violationsOf } from '../mapping/schema.ts'
import type { BuildRecord } from './block.ts'
import { addFinding, EntryDraft, extend } from './entry-draft.ts'
import { type FieldsAt, noteFieldFindings } from './field-findings.ts'
import type { Finish } from './finish.ts'
import { checkIdentity, type IdentityPointers } from './identity.ts'
import type { Locate } from './locate.ts'
import { inspect, parseCells, parseStrictly } from './parse.ts'
import { giveKey, type ReadKey } from './record-key.ts'

/** Members of one entry, at most: more than any household or institution on a family card has. */
export const MOST_MEMBERS = 1000

/** A block of a mapping, ready to run. */
export type CompiledBlock = {
  level: 'keluarga' | 'individu'
  build: BuildRecord
  finish: Finish
  /** The array whose elements it maps, its pointer, and those of its first elements. */
  each: { read(record: Json): Json | undefined; path: string; paths: readonly string[] } | undefined
  readKey: ReadKey
  /** The key is a personal number: a derived one stands for it. */
  isHashed: boolean
  keyPath: string
  identity: IdentityPointers
  /** Fields taken from the head among the members: canonical field of the family, and of the member. */
  heads: ((family: CanonicalRecord, head: CanonicalRecord) => void)[]
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
  /** Which fields a finding concerns, by the pointer of the finding. */
  fieldsAt: FieldsAt
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
    clean: (entry, platform) => clean(entry, platform, parts),
  }
}

function clean(entry: RawEntry, platform: Platform, parts: DatasetParts): CleanEntry {
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

  const work = map(record, platform, parts, findings)
  if (violations !== undefined) keepBeside(work, violations.spared)
  parts.check(work.records, work.asOf, findings)
  const verdict = verdictOf(findings)
  const key = work.records[0]?.key
  const records = verdict === 'accepted' ? work.finished() : []
  noteFieldFindings(records, findings, parts.fieldsAt)
  return {
    line,
    key: key === undefined || key === '' ? null : key,
    verdict,
    findings,
    records,
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

function map(record: Json, platform: Platform, parts: DatasetParts, findings: Finding[]): EntryDraft {
  const asOf = parts.readDate?.(record, findings)
  parts.note.asOf = asOf
  const work = new EntryDraft(findings, asOf, parts.locate?.(record, platform, findings))
  for (const block of parts.blocks) {
    if (block.each === undefined) build(block, record, record, 0, '', work, parts)
    else {
      const rows = block.each.read(record)
      if (!Array.isArray(rows)) continue
      for (let i = 0; i < rows.length; i++)
        build(block, rows[i] as Json, record, i, block.each.paths[i] ?? `${block.each.path}/${i}`, work, parts)
    }
  }
  for (const block of parts.blocks) if (block.heads.length > 0) fillFromHead(block, work)
  return work
}

function build(
  block: CompiledBlock,
  row: Json,
  root: Json,
  place: number,
  path: string,
  work: EntryDraft,
  parts: DatasetParts,
): void {
  const record = block.build(row, root, place, path, work)
  const first = work.records[0]
  if (block.level === 'individu') checkIdentity(record, block.identity, work)
  const given = block.readKey.read(row, root)
  if (given === '') {
    if (block.readKey.isDamaged(row, root)) work.say('key-damaged', path + block.keyPath)
  } else if (block.readKey.isTidied(row, root)) work.say('key-tidied', path + block.keyPath)
  const key = block.isHashed && given !== '' ? `~${parts.derive(given)}` : given
  // A person's row may carry the family too: both records then have the key of the row.
  if (key === '' && first !== undefined && block.each === undefined) record.key = first.key
  else giveKey(record, key, block.keyPath, work, first, parts.derive)
  work.add(record, block.finish)
}

function fillFromHead(block: CompiledBlock, work: EntryDraft): void {
  let family: CanonicalRecord | undefined
  let head: CanonicalRecord | undefined
  for (const record of work.records) {
    if (record.level === block.level) family ??= record
    if (record.level === 'individu' && record.fields.status_hubungan_keluarga === HEAD_OF_FAMILY) head ??= record
  }
  if (family === undefined || head === undefined) return
  for (const fill of block.heads) fill(family, head)
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
  for (const { each } of blocks) {
    const rows = each?.read(record)
    if (Array.isArray(rows) && rows.length > MOST_MEMBERS) return found('members-too-many', each?.path ?? '')
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

/** Reads the reference date by its compiled rule. */
export function dateReader(read: (record: Json) => Json | undefined, convert: Convert, path: string, note: Note) {
  return (record: Json, findings: Finding[]): string | undefined => {
    const value = read(record)
    if (value === undefined || value === null || value === '') return undefined
    const day = convert(value, note, undefined)
    if (note.said && note.code !== '') addFinding(findings, note.code, path)
    note.clear()
    return day === undefined ? undefined : String(day)
  }
}
