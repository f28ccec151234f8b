import type { PoolClient } from 'pg'
import { BLOCK_LIMIT, lookUpBlocks } from '../subjects/blocking.sql.ts'
import type { BlockingKey, Index } from '../subjects/subject.ts'
import { keysOfFamilies, relativesAmong, relativesOf } from './relatives.db.ts'
import type { Touched } from './resolve.db.ts'
import { familyNow, type World } from './working-set.ts'

/** Pairs of records of one chunk that share a block, unless it is too large, or are relatives of whom no NIK tells one. */
export function* pairsOfChunk(touched: readonly Touched[], world: World): Generator<[Touched, Touched]> {
  const relatives = relativesAmong(touched, world)
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
      if (block.length > BLOCK_LIMIT) continue
      for (const other of block) {
        if (other === member || met.has(other)) continue
        met.add(other)
        yield [member, other]
      }
    }
    for (const other of relatives.get(member) ?? []) if (!met.has(other)) yield [member, other]
  }
}

/** Stored records that share a block with one of the chunk, or are relatives, and how many blocks were too large to be looked at. */
export async function pairsWithStored(
  tx: PoolClient,
  touched: readonly Touched[],
  world: World,
): Promise<{ pairs: [Touched, Index][]; oversized: number }> {
  const ofFamilies = await keysOfFamilies(tx, touched, world)
  const keysOf = ({ keys, source }: Touched) => [
    ...keys.asked,
    ...((source.family && ofFamilies.get(familyNow(world, source.family))) ?? []),
  ]
  const asked = new Set(touched.flatMap(keysOf))
  const { blocks, oversized } = await lookUpBlocks(tx, [...asked])
  const relatives = await relativesOf(tx, touched, world)
  const own = new Set(touched.map(({ key }) => key))
  const pairs: [Touched, Index][] = []
  for (const member of touched) {
    const met = new Set<Index>()
    for (const key of keysOf(member)) for (const record of blocks.get(key) ?? []) met.add(record)
    for (const record of relatives.get(member) ?? []) met.add(record)
    for (const record of met) if (!own.has(record)) pairs.push([member, record])
  }
  return { pairs, oversized }
}
