import type { Db } from '../../io/postgres/postgres.ts'
import type { RangeRoot } from '../tree/consistency.ts'
import { HASH_BYTES, rootOf, TreeHasher } from '../tree/merkle.ts'
import { checkpointsAfter, readAuditBlocks } from './checkpoint.sql.ts'

/** Leaves in one block whose root is kept: a power of two, so that every whole block is a subtree. */
export const BLOCK = 1024

const PAGE = 100

/** The hashes of the leaves from one place to before another, from 0, as the checkpoints hold them. */
export async function readLeaves(db: Db, from: number, to: number): Promise<Buffer[]> {
  const leaves: Buffer[] = []
  for (let place = from; place < to; ) {
    const checkpoints = await checkpointsAfter(db, place, PAGE)
    if (checkpoints.length === 0) throw new Error(`the audit tree has no leaf ${place + 1}`)
    for (const { size, leaves: bytes } of checkpoints) {
      const first = size - bytes.length / HASH_BYTES
      for (; place < Math.min(size, to); place += 1)
        leaves.push(bytes.subarray((place - first) * HASH_BYTES, (place - first + 1) * HASH_BYTES))
    }
  }
  return leaves
}

/** Gives the roots over ranges of a tree of some size that a proof from an older size needs; few leaves are read. */
export async function rangeRoots(db: Db, old: number, size: number): Promise<RangeRoot> {
  const blocks = await readAuditBlocks(db, Math.floor(size / BLOCK))
  const edges = new Map<number, Buffer[]>()
  for (const block of new Set([Math.floor(old / BLOCK), Math.floor(size / BLOCK)]))
    edges.set(block, await readLeaves(db, block * BLOCK, Math.min(size, (block + 1) * BLOCK)))
  return (from, to) => {
    const [first, last] = [Math.floor(from / BLOCK), Math.floor(to / BLOCK)]
    const own = edges.get(first)
    if (own !== undefined && to <= (first + 1) * BLOCK)
      return rootOf(own.slice(from - first * BLOCK, to - first * BLOCK))
    const [whole, tail] = [new TreeHasher(), new TreeHasher()]
    for (const root of blocks.slice(first, last)) whole.add(root)
    for (const leaf of edges.get(last)?.slice(0, to - last * BLOCK) ?? []) tail.add(leaf)
    return whole.root(tail)
  }
}
