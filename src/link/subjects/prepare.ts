import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import { contentOf } from '../../domain/content.ts'
import type { CanonicalRecord, CleanEntry } from '../../domain/entry.ts'
import { entryKey, householdKey, sourceKey } from '../../domain/keys.ts'
import type { Index } from './subject.ts'

/** Makes the blind index of a value for a purpose. */
export type Indexer = (purpose: 'key' | 'nik' | 'kk' | 'household' | 'content' | 'name', value: string) => Index

/** A canonical record on its way into the subjects. */
export type IncomingRecord = {
  line: number
  path: string
  record: CanonicalRecord
  /** The text that is sealed: the record, with the place that only the family's record states. Without the path it makes the content index. */
  text: string
  key: Index
  content: Index
  /** The record of the family in the same entry, of a person. */
  family: CanonicalRecord | undefined
  /** The source's key stands for somebody else already; `key` is one that was made for this record. */
  isKeyReused?: true
}

/** A cleaned entry with the indexes of its keys and contents. */
export type Prepared = Pick<CleanEntry, 'line' | 'verdict'> & { key: Index | null; records: IncomingRecord[] }

/** The blind indexes by which a record names its family. */
export type NamedIndexes = { kk?: Index; household?: Index; head?: Index }

/** Hashes the cleaned entries of a chunk, in the order of their lines. */
export function prepare(
  entries: readonly CleanEntry[],
  { platform, dataset }: { platform: string; dataset: string },
  index: Indexer,
): Prepared[] {
  return entries
    .map(({ line, key, verdict, records }) => {
      const family = records.find(({ level }) => level === 'keluarga')
      return {
        line,
        verdict,
        key: key === null ? null : index('key', entryKey(platform, dataset, key)),
        records: records.map((record) => {
          const { path, findings } = record
          const found = findings === undefined ? '' : `"findings":${JSON.stringify(findings)},`
          const content = contentOf(record, family)
          return {
            line,
            path,
            record,
            text: `{"path":${JSON.stringify(path)},${found}${content.slice(1)}`,
            key: index('key', sourceKey(platform, dataset, record.level, record.key)),
            // Without the path: a member who moves up in the list is the same member; one who moves with the family is not.
            content: index('content', content),
            family: record === family ? undefined : family,
          }
        }),
      }
    })
    .sort((a, b) => a.line - b.line)
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
  return { ...incoming, key: index('key', text), isKeyReused: true }
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

/** An indexer that remembers: the members of a family repeat its numbers. */
export function rememberingIndexer(index: Indexer): Indexer {
  const known = new Map<string, Index>()
  return (purpose, value) => {
    if (purpose === 'key' || purpose === 'content' || purpose === 'name') return index(purpose, value)
    const name = `${purpose}|${value}`
    let found = known.get(name)
    if (found === undefined) {
      found = index(purpose, value)
      known.set(name, found)
    }
    return found
  }
}

export function recordKeysOf(entries: readonly Prepared[]): Index[] {
  return entries.flatMap(({ records }) => records.map(({ key }) => key))
}

export function recordContentsOf(entries: readonly Prepared[]): Index[] {
  return entries.flatMap(({ records }) => records.map(({ content }) => content))
}
