import type { PoolClient } from 'pg'
import type { FamilyId } from '../../domain/ids.ts'
import { keyOfIndex } from '../block/blocking-keys.ts'
import { isNumbered } from '../block/neighbours.ts'
import type { Member } from '../cluster/grouping.ts'
import { BLOCK_LIMIT } from '../subjects/blocking.sql.ts'
import { readMemberKeys } from '../subjects/source.sql.ts'
import type { BlockingKey, Index } from '../subjects/subject.ts'
import { readNamesOfFamilies } from '../subjects/subjects.sql.ts'
import { familyNow, type World } from './working-set.ts'

/** Under which keys the members of each family are stored of whom no NIK tells: its cards, and the households of sources. */
export async function keysOfFamilies(
  tx: PoolClient,
  members: readonly Member[],
  world: World,
): Promise<Map<FamilyId, BlockingKey[]>> {
  const names = await readNamesOfFamilies(tx, [...idsOf(members, world)], BLOCK_LIMIT)
  const keys = new Map<FamilyId, BlockingKey[]>()
  for (const { family, index } of names) addTo(keys, familyNow(world, family), keyOfIndex(index))
  return withoutOversized(keys)
}

/** The registry's members of the families of those whom no NIK tells. */
export async function relativesOf(
  tx: PoolClient,
  members: readonly Member[],
  world: World,
): Promise<Map<Member, readonly Index[]>> {
  const asking = members.filter(({ features }) => !isNumbered(features))
  const found = new Map<FamilyId, Index[]>()
  for (const { family, keys } of await readMemberKeys(tx, [...idsOf(asking, world)], BLOCK_LIMIT)) {
    for (const key of keys) addTo(found, familyNow(world, family), key)
  }
  const families = withoutOversized(found)
  return new Map(asking.map((member) => [member, families.get(familyIn(member, world) ?? 'fam_') ?? []]))
}

/** Of each of these members the relatives among them, if no NIK tells it or them. */
export function relativesAmong<Some extends Member>(members: readonly Some[], world: World): Map<Some, Some[]> {
  const found = new Map<FamilyId, Some[]>()
  for (const member of members) {
    const family = familyIn(member, world)
    if (family !== undefined) addTo(found, family, member)
  }
  const relatives = new Map<Some, Some[]>()
  for (const family of withoutOversized(found).values()) {
    const lost = family.filter(({ features }) => !isNumbered(features))
    for (const member of family) {
      const others = lost.includes(member) ? family : lost
      relatives.set(
        member,
        others.filter((other) => other !== member),
      )
    }
  }
  return relatives
}

/**
 * Stored records whose families this chunk found to be one: that they name one family is new to be weighed. Those that
 * the chunk brings itself are not among them.
 */
export async function pairsOfUnited(tx: PoolClient, world: World): Promise<[Index, Index][]> {
  const ids = new Set<FamilyId>()
  for (const { id, level } of world.united) {
    if (level === 'keluarga') ids.add(id as FamilyId).add(familyNow(world, id as FamilyId))
  }
  const parts = new Map<FamilyId, Index[][]>()
  for (const { family, keys } of await readMemberKeys(tx, [...ids], BLOCK_LIMIT)) {
    const unchanged = keys.filter((key) => !world.changes.has(key))
    addTo(parts, familyNow(world, family), unchanged)
  }
  return [...parts.values()].flatMap((families) =>
    families.flat().length > BLOCK_LIMIT
      ? []
      : families.flatMap((some, at) =>
          families.slice(at + 1).flatMap((others) => some.flatMap((a) => others.map((b): [Index, Index] => [a, b]))),
        ),
  )
}

/** A family of more than that (a home, a barracks, a NIK of a head that was copied) tells nothing. */
function withoutOversized<Key, Value>(lists: Map<Key, Value[]>): Map<Key, Value[]> {
  for (const [key, { length }] of lists) if (length > BLOCK_LIMIT) lists.delete(key)
  return lists
}

/** Families of members that are stored: those that this chunk found to be one are still two there. */
function idsOf(members: readonly Member[], world: World): Set<FamilyId> {
  const ids = new Set(members.flatMap((member) => familyIn(member, world) ?? []))
  for (const { id, level } of world.united) {
    if (level === 'keluarga' && ids.has(familyNow(world, id as FamilyId))) ids.add(id as FamilyId)
  }
  for (const id of ids) if (world.subjects.get(id)?.isNew) ids.delete(id)
  return ids
}

function familyIn({ source }: Member, world: World): FamilyId | undefined {
  return source.family && familyNow(world, source.family)
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
