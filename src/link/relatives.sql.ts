import type { PoolClient } from 'pg'
import type { FamilyId } from '../domain/ids.ts'
import { CROWD } from './blocking.sql.ts'
import { type BlockingKey, keyOfIndex } from './blocking-keys.ts'
import type { Member } from './grouping.ts'
import { isNumbered } from './neighbours.ts'
import { readNamesOfFamilies } from './read.sql.ts'
import { readMemberKeys } from './source.sql.ts'
import type { Index } from './subject.ts'
import { familyNow, type World } from './world.ts'

/** Under which keys the members of each family are stored of whom no NIK tells: its cards, and the households of sources. */
export async function keysOfFamilies(
  tx: PoolClient,
  members: readonly Member[],
  world: World,
): Promise<Map<FamilyId, BlockingKey[]>> {
  const names = await readNamesOfFamilies(tx, [...idsOf(members, world)])
  const keys = new Map<FamilyId, BlockingKey[]>()
  for (const { family, index } of names) addTo(keys, familyNow(world, family), keyOfIndex(index))
  return keys
}

/** The registry's members of the families of those whom no NIK tells. */
export async function relativesOf(
  tx: PoolClient,
  members: readonly Member[],
  world: World,
): Promise<Map<Member, readonly Index[]>> {
  const asking = members.filter(({ portrait }) => !isNumbered(portrait))
  const found = new Map<FamilyId, Index[]>()
  for (const { family, keys } of await readMemberKeys(tx, [...idsOf(asking, world)], CROWD)) {
    for (const key of keys) addTo(found, familyNow(world, family), key)
  }
  return new Map(asking.map((member) => [member, found.get(familyIn(member, world) ?? 'fam_') ?? []]))
}

/**
 * Records of the registry whose families this chunk found to be one: that they name one family is new to be weighed. Those that
 * the chunk brings itself are not among them.
 */
export async function pairsOfUnited(tx: PoolClient, world: World): Promise<[Index, Index][]> {
  const ids = new Set<FamilyId>()
  for (const { id, level } of world.united) {
    if (level === 'keluarga') ids.add(id as FamilyId).add(familyNow(world, id as FamilyId))
  }
  const parts = new Map<FamilyId, Index[][]>()
  for (const { family, keys } of await readMemberKeys(tx, [...ids], CROWD)) {
    const standing = keys.filter((key) => !world.changes.has(key))
    addTo(parts, familyNow(world, family), standing)
  }
  return [...parts.values()].flatMap((families) =>
    families.flatMap((some, at) =>
      families.slice(at + 1).flatMap((others) => some.flatMap((a) => others.map((b): [Index, Index] => [a, b]))),
    ),
  )
}

/** Families of members that are in the registry: those that this chunk found to be one are still two there. */
function idsOf(members: readonly Member[], world: World): Set<FamilyId> {
  const ids = new Set<FamilyId>()
  for (const member of members) {
    const family = familyIn(member, world)
    if (family !== undefined && !world.subjects.get(family)?.isNew) ids.add(family)
  }
  for (const { id, level } of world.united) {
    if (level === 'keluarga' && ids.has(familyNow(world, id as FamilyId))) ids.add(id as FamilyId)
  }
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
