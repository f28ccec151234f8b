import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import { familyFinder } from '../../domain/content.ts'
import type { CanonicalRecord, CleanedEntry, CleanedRecord } from '../../domain/entry.ts'
import { entryKey, householdKey, sourceKey } from '../../domain/keys.ts'
import type { Index } from './subject.ts'

/** Makes the blind index of a value for a purpose. */
export type Indexer = (purpose: 'key' | 'nik' | 'kk' | 'household' | 'content' | 'name', value: string) => Index

/** What a record goes by in its chunk. */
type RecordName = Pick<IncomingRecord, 'line' | 'level' | 'path' | 'key' | 'content'> & { isKeyReused?: boolean }

/** What a record says, and what was found in the values of its fields. */
type SaidRecord = Pick<CleanedRecord, 'content' | 'findings'>

/** A canonical record on its way into the subjects. What it says is parsed when it is first asked for: of an unchanged one nobody asks. */
export class IncomingRecord {
  readonly line: number
  readonly level: CleanedRecord['level']
  readonly path: string
  readonly key: Index
  readonly content: Index
  /** The source's key stands for somebody else already; `key` is one that was made for this record. */
  readonly isKeyReused: boolean
  readonly #said: SaidRecord
  readonly #family: IncomingRecord | undefined
  #record: CanonicalRecord | undefined
  #named: NamedIndexes | undefined

  constructor(
    { line, level, path, key, content, isKeyReused = false }: RecordName,
    said: SaidRecord,
    family: IncomingRecord | undefined,
  ) {
    this.line = line
    this.level = level
    this.path = path
    this.key = key
    this.content = content
    this.isKeyReused = isKeyReused
    this.#said = said
    this.#family = family
  }

  /** The text that is sealed: path and findings, and the content behind them. */
  get text(): string {
    const { content, findings } = this.#said
    const found = findings === undefined ? '' : `"findings":${JSON.stringify(findings)},`
    return `{"path":${JSON.stringify(this.path)},${found}${content.slice(1)}`
  }

  get record(): CanonicalRecord {
    this.#record ??= this.#parsed()
    return this.#record
  }

  /** The record of the family in the same entry, of a person. */
  get family(): CanonicalRecord | undefined {
    return this.#family?.record
  }

  /** The indexes by which it names its family; they are asked for three times on its way. */
  named(platform: string, index: Indexer): NamedIndexes {
    this.#named ??= namedIndexesOf(this.record, platform, index)
    return this.#named
  }

  #parsed(): CanonicalRecord {
    const { content, findings } = this.#said
    const record: CanonicalRecord = JSON.parse(content)
    record.path = this.path
    if (findings !== undefined) record.findings = findings
    return record
  }

  /** The same record under another key. */
  withKey(key: Index): IncomingRecord {
    return new IncomingRecord({ ...this, key, isKeyReused: true }, this.#said, this.#family)
  }
}

/** A cleaned entry with the indexes of its keys and contents. */
export type Prepared = Pick<CleanedEntry, 'line' | 'verdict'> & { key: Index | null; records: IncomingRecord[] }

/** The blind indexes by which a record names its family. */
export type NamedIndexes = { kk?: Index; household?: Index; head?: Index }

/** Hashes the cleaned entries of a chunk, in the order of their lines. */
export function prepare(
  entries: readonly CleanedEntry[],
  { platform, dataset }: { platform: string; dataset: string },
  index: Indexer,
): Prepared[] {
  return entries
    .map(({ line, key, verdict, records }) => ({
      line,
      verdict,
      key: key === null ? null : index('key', entryKey(platform, dataset, key)),
      records: incomingOf(records, line, { platform, dataset }, index),
    }))
    .sort((a, b) => a.line - b.line)
}

function incomingOf(
  records: readonly CleanedRecord[],
  line: number,
  { platform, dataset }: { platform: string; dataset: string },
  index: Indexer,
): IncomingRecord[] {
  const familyOf = familyFinder(records)
  const make = (record: CleanedRecord, family: IncomingRecord | undefined) => {
    const { level, key, path, content } = record
    const indexes = {
      key: index('key', sourceKey(platform, dataset, level, key)),
      // Without the path: a member who moves up in the list is the same member; one who moves with the family is not.
      content: index('content', content),
    }
    return new IncomingRecord({ line, level, path, ...indexes }, record, family)
  }
  const families = new Map<CleanedRecord, IncomingRecord>()
  for (const record of records) {
    const family = familyOf(record)
    if (family !== undefined && !families.has(family)) families.set(family, make(family, undefined))
  }
  return records.map((record) => {
    const family = familyOf(record)
    return families.get(record) ?? make(record, family && families.get(family))
  })
}

/**
 * The record under a key that was made of the source's key and of who it is: the same whenever the two come again. A number
 * that `stored`, the record under the source's key, has as well does not tell the two apart.
 */
export function withOwnKey(
  incoming: IncomingRecord,
  stored: CanonicalRecord,
  { platform, dataset }: { platform: string; dataset: string },
  index: Indexer,
): IncomingRecord {
  const { level, key, fields, headNik } = incoming.record
  const { nomor_induk_kependudukan: nik, nomor_kartu_keluarga: kk, nama_anggota_keluarga: head } = fields
  const isNikOwn = nik !== undefined && nik !== stored.fields.nomor_induk_kependudukan
  const person = isNikOwn ? [nik] : [nik, fields.nama, fields.tanggal_lahir]
  const who = level === 'keluarga' ? [kk ?? headNik ?? head] : person
  const text = `${sourceKey(platform, dataset, level, key)}|reused|${JSON.stringify(who)}`
  return incoming.withKey(index('key', text))
}

/** The blind indexes of the card, household and head that a record names its family by. */
export function namedIndexesOf(record: CanonicalRecord, platform: string, index: Indexer): NamedIndexes {
  const named: NamedIndexes = {}
  const { fields, household, headNik, level } = record
  const nik = fields.nomor_induk_kependudukan
  const kk = fields.nomor_kartu_keluarga
  if (typeof kk === 'string') named.kk = index('kk', kk)
  if (household !== undefined) named.household = index('household', householdKey(platform, household))
  const head = level === 'keluarga' ? headNik : fields.status_hubungan_keluarga === HEAD_OF_FAMILY ? nik : undefined
  // Its own text, so that the head of a family and the person are two identifiers.
  if (typeof head === 'string') named.head = index('nik', `head|${head}`)
  return named
}

/**
 * An indexer that remembers the last card and the last household: the members of a family, who come one after the other, repeat
 * them. Other values hardly come twice, and to remember them costs as much as their indexes.
 */
export function rememberingIndexer(index: Indexer): Indexer {
  const last: { kk?: Known; household?: Known } = {}
  return (purpose, value) => {
    if (purpose !== 'kk' && purpose !== 'household') return index(purpose, value)
    const known = last[purpose]
    if (known?.value === value) return known.index
    const made = index(purpose, value)
    last[purpose] = { value, index: made }
    return made
  }
}

type Known = { value: string; index: Index }

export function recordKeysOf(entries: readonly Prepared[]): Index[] {
  return entries.flatMap(({ records }) => records.map(({ key }) => key))
}

export function recordContentsOf(entries: readonly Prepared[]): Index[] {
  return entries.flatMap(({ records }) => records.map(({ content }) => content))
}
