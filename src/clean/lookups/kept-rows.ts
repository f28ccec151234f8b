import type { Dataset, FoundRow, Lookup, OtherFiles } from '../../domain/dataset.ts'
import type { Json, RawEntry } from '../../domain/entry.ts'
import type { ChunkName } from '../../engine/chunks/sealed-chunk.ts'
import type { FoundRows, KeptRow, LookupPlace } from '../../engine/cleaner.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'

/** What rows are kept and found with; `at` is told each line before it is worked. */
export type RowKeeping = { place: LookupPlace; vault: Vault; at(line: number): void }

/** The blind indexes of the keys by which entries look rows up, each once. */
export function keysLookedUp(
  entries: readonly RawEntry[],
  dataset: Pick<Dataset, 'lookups' | 'recordOf'>,
  { place, vault, at }: RowKeeping,
): string[] {
  const keys = new Set<string>()
  for (const entry of entries) {
    at(entry.line)
    const record = dataset.recordOf(entry)
    if (record === undefined) continue
    for (const { name, ownKey } of dataset.lookups) {
      const key = ownKey(record)
      if (key !== '') keys.add(indexOfKey(vault, place, name, key))
    }
  }
  return [...keys]
}

/**
 * The rows of another file by their keys. They ascend, so that two who keep rows of one key never wait in a circle. Only the columns
 * that are read are kept. Whether rows of one key differ is judged by all columns, as in a check.
 */
export function keptRows(
  entries: readonly RawEntry[],
  source: Pick<Dataset, 'name' | 'recordOf'>,
  lookups: readonly Lookup[],
  { place, vault, at, platform }: RowKeeping & Pick<ChunkName, 'platform'>,
): KeptRow[] {
  const kept = new Map<string, KeptRow>()
  const own = lookups.filter(({ dataset }) => dataset === source.name)
  for (const entry of entries) {
    at(entry.line)
    const row = source.recordOf(entry)
    if (row === undefined) continue
    const content = vault.lastingText('content', JSON.stringify(row))
    for (const { name, otherKey, columns } of own) {
      const text = otherKey(row)
      if (text === '') continue
      const key = indexOfKey(vault, place, name, text)
      const before = kept.get(key)
      if (before === undefined) {
        const plain = Buffer.from(JSON.stringify(columnsOf(row, columns)))
        kept.set(key, { key, content, sealed: vault.seal(plain, aadOf(platform, place, key)) })
      } else if (before.content !== content) before.sealed = null
    }
  }
  return [...kept.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** The rows that were found, for who cleans: each is opened when it is asked for. */
export function otherFilesOf(
  { place, lookups, rows }: FoundRows,
  { vault, platform }: { vault: Vault; platform: string },
): OtherFiles {
  const sealed = new Map(rows.map((row) => [row.key, row.sealed]))
  const opened = new Map<string, FoundRow>()
  const open = (key: string): FoundRow => {
    const bytes = sealed.get(key)
    if (bytes === undefined) return undefined
    if (bytes === null) return 'differing'
    const plain = vault.open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), aadOf(platform, place, key))
    return { row: JSON.parse(plain.toString('utf8')) as Json }
  }
  return {
    has: (lookup) => lookups.includes(lookup),
    find(lookup, text) {
      const key = indexOfKey(vault, place, lookup, text)
      if (!opened.has(key)) opened.set(key, open(key))
      return opened.get(key)
    },
  }
}

function columnsOf(row: Json, columns: readonly string[]): Json {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return {}
  const given = columns.filter((column) => Object.hasOwn(row, column))
  return Object.fromEntries(given.map((column) => [column, row[column] as Json]))
}

/** Keys of another submission, reader or lookup never have the same index. */
function indexOfKey(vault: Vault, { submission, reader }: LookupPlace, lookup: string, key: string): string {
  return vault.lastingText('key', JSON.stringify(['lookup', submission, reader, lookup, key]))
}

function aadOf(platform: string, { submission }: LookupPlace, key: string): string {
  return aad(platform, 'lookup_row', `${submission}/${key}`, 'sealed')
}
