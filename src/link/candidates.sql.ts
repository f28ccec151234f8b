import type { PoolClient } from 'pg'
import type { FamilyId } from '../domain/ids.ts'
import { CROWD, lookUpBlocks } from './blocking.sql.ts'
import type { BlockingKey } from './blocking-keys.ts'
import { isNumbered } from './neighbours.ts'
import type { Touched } from './persons.sql.ts'
import { readMemberKeys } from './source.sql.ts'
import type { Index } from './subject.ts'
import { familyNow, type World } from './world.ts'

/** Pairs of records of one chunk that share a block, unless it is too large. */
export function* pairsOfChunk(touched: readonly Touched[]): Generator<[Touched, Touched]> {
  const stored = new Map<BlockingKey, Touched[]>()
  for (const member of touched) {
    for (const key of member.keys.stored) {
      const block = stored.get(key)
      if (block) block.push(member)
      else stored.set(key, [member])
    }
  }
  for (const member of touched) {
    const met = new Set<Touched>()
    for (const key of member.keys.asked) {
      const block = stored.get(key) ?? []
      if (block.length > CROWD) continue
      for (const other of block) {
        if (other === member || met.has(other)) continue
        met.add(other)
        yield [member, other]
      }
    }
  }
}

/** Records of the registry that share a block with one of the chunk, and how many blocks were too large to be looked at. */
export async function pairsOfRegistry(
  tx: PoolClient,
  touched: readonly Touched[],
  world: World,
): Promise<{ pairs: [Touched, Index][]; crowded: number }> {
  const asked = new Set(touched.flatMap(({ keys }) => keys.asked))
  const { blocks, crowded } = await lookUpBlocks(tx, [...asked])
  const families = await familiesOf(tx, touched, world)
  const own = new Set(touched.map(({ key }) => key))
  const pairs: [Touched, Index][] = []
  for (const member of touched) {
    const met = new Set<Index>()
    for (const key of member.keys.asked) for (const record of blocks.get(key) ?? []) met.add(record)
    for (const record of families.get(member) ?? []) met.add(record)
    for (const record of met) if (!own.has(record)) pairs.push([member, record])
  }
  return { pairs, crowded }
}

/** The family's members in the registry, for those whom no NIK tells. */
async function familiesOf(
  tx: PoolClient,
  touched: readonly Touched[],
  world: World,
): Promise<Map<Touched, readonly Index[]>> {
  const asking = touched.filter(({ portrait }) => !isNumbered(portrait) && portrait.kk !== undefined)
  // Families that this chunk found to be one are still two in the registry.
  const familyOf = ({ source }: Touched) => source.family && familyNow(world, source.family)
  const ids = new Set(asking.flatMap((member) => familyOf(member) ?? []))
  for (const { id, level } of world.united) {
    if (level === 'keluarga' && ids.has(familyNow(world, id as FamilyId))) ids.add(id as FamilyId)
  }
  const members = new Map<FamilyId, Index[]>()
  for (const { key, family } of await readMemberKeys(tx, [...ids])) {
    const now = familyNow(world, family)
    const keys = members.get(now)
    if (keys) keys.push(key)
    else members.set(now, [key])
  }
  return new Map(
    asking.map((member) => {
      const family = familyOf(member)
      return [member, (family && members.get(family)) ?? []]
    }),
  )
}
