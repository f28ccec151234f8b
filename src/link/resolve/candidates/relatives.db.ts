import type { PoolClient } from 'pg'
import type { FamilyId } from '../../../domain/ids.ts'
import { keyOfIndex } from '../../block/blocking-keys.ts'
import { isNumbered } from '../../block/neighbours.ts'
import type { PersonRecord } from '../../cluster/grouping.ts'
import { BLOCK_LIMIT } from '../../subjects/blocking.sql.ts'
import { readMemberKeys } from '../../subjects/source.sql.ts'
import type { BlockingKey, Index } from '../../subjects/subject.ts'
import { readNamesOfFamilies } from '../../subjects/subjects.sql.ts'
import type { FamilyIds } from '../families/family-ids.ts'

/** The blocking keys of each family's cards and households: members whom no NIK tells are stored under them. */
export async function keysOfFamilies(
  tx: PoolClient,
  records: readonly PersonRecord[],
  ids: FamilyIds,
): Promise<Map<FamilyId, BlockingKey[]>> {
  const names = await readNamesOfFamilies(tx, [...storedIdsOf(records, ids)], BLOCK_LIMIT)
  const keys = new Map<FamilyId, BlockingKey[]>()
  for (const { family, index } of names) addTo(keys, ids.now(family), keyOfIndex(index))
  return withoutOversized(keys)
}

/** The stored members of the families of those records that no NIK tells. */
export async function relativesOf(
  tx: PoolClient,
  records: readonly PersonRecord[],
  ids: FamilyIds,
): Promise<Map<PersonRecord, readonly Index[]>> {
  const asking = records.filter(({ features }) => !isNumbered(features))
  const found = new Map<FamilyId, Index[]>()
  for (const { family, keys } of await readMemberKeys(tx, [...storedIdsOf(asking, ids)], BLOCK_LIMIT)) {
    for (const key of keys) addTo(found, ids.now(family), key)
  }
  const families = withoutOversized(found)
  return new Map(asking.map((record) => [record, families.get(record.source.family ?? 'fam_') ?? []]))
}

/** The relatives of each of these records among them, where no NIK tells the one or the other. */
export function relativesAmong<Some extends PersonRecord>(records: readonly Some[]): Map<Some, Some[]> {
  const found = new Map<FamilyId, Some[]>()
  for (const record of records) {
    if (record.source.family !== undefined) addTo(found, record.source.family, record)
  }
  const relatives = new Map<Some, Some[]>()
  for (const family of withoutOversized(found).values()) {
    const unnumbered = family.filter(({ features }) => !isNumbered(features))
    for (const record of family) {
      const others = unnumbered.includes(record) ? family : unnumbered
      relatives.set(
        record,
        others.filter((other) => other !== record),
      )
    }
  }
  return relatives
}

/**
 * Pairs of stored records whose families the chunk united: that they name one family is new evidence. Records that the
 * chunk `brought` are compared anyhow.
 */
export async function pairsOfUnited(
  tx: PoolClient,
  brought: ReadonlySet<Index>,
  ids: FamilyIds,
): Promise<[Index, Index][]> {
  const united = new Set<FamilyId>()
  for (const id of ids.united) united.add(id).add(ids.now(id))
  const parts = new Map<FamilyId, Index[][]>()
  for (const { family, keys } of await readMemberKeys(tx, [...united], BLOCK_LIMIT)) {
    const unchanged = keys.filter((key) => !brought.has(key))
    addTo(parts, ids.now(family), unchanged)
  }
  return [...parts.values()].flatMap((families) =>
    families.flat().length > BLOCK_LIMIT
      ? []
      : families.flatMap((some, at) =>
          families.slice(at + 1).flatMap((others) => some.flatMap((a) => others.map((b): [Index, Index] => [a, b]))),
        ),
  )
}

/** Leaves out oversized lists. A home, a barracks or a copied NIK of a head makes a family that tells nothing. */
function withoutOversized<Key, Value>(lists: Map<Key, Value[]>): Map<Key, Value[]> {
  for (const [key, { length }] of lists) if (length > BLOCK_LIMIT) lists.delete(key)
  return lists
}

/** The families of records as they are stored: those that the chunk united are still two there, those it brought none. */
function storedIdsOf(records: readonly PersonRecord[], families: FamilyIds): Set<FamilyId> {
  const ids = new Set(records.flatMap(({ source }) => source.family ?? []))
  for (const id of families.united) if (ids.has(families.now(id))) ids.add(id)
  for (const id of ids) if (families.isNew(id)) ids.delete(id)
  return ids
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
