import type { PoolClient } from 'pg'
import { possibleIn } from '../../block/dated-rows.ts'
import type { ScoringModel } from '../../score/evidence.ts'
import { BLOCK_LIMIT, lookUpBlocks } from '../../subjects/blocking.sql.ts'
import { type Marks, markOf } from '../../subjects/marks.ts'
import type { BlockingKey, Index } from '../../subjects/subject.ts'
import { readAsCandidates } from '../candidates/candidates.db.ts'
import { scoreCandidates } from '../candidates/score-candidates.ts'
import type { TouchedRecord } from '../candidates/touched.ts'
import type { RecordAccess } from '../link-deps.db.ts'
import type { BlockCandidates } from './block-candidates.ts'
import { type Footprint, nameOfEnd } from './footprint.ts'

/** How the names are read that others have changed. */
export type OverlapContext = Pick<RecordAccess, 'open' | 'numbers'> & {
  scoringModel: ScoringModel
  /** The chunk's own rows are in the database already. */
  isWritten: boolean
}

/**
 * The names that were looked at and that others have changed since; `marks` are those of their changes. Of records that came
 * into a block only those count that may be a match: nearly all are strangers.
 */
export async function overlapOf(
  tx: PoolClient,
  seen: Footprint,
  marks: Marks,
  context: OverlapContext,
): Promise<Set<string>> {
  const isMet = (name: string) => marks.has(markOf(name))
  const met = new Set<string>()
  for (const tie of seen.eachTie()) for (const name of tie) if (isMet(name)) met.add(name)
  for (const blocks of seen.blocks) {
    for (const [record, key] of blocks.pairs) {
      const family = blocks.stored.get(key)?.record.source.family
      if (isMet(key) || (family !== undefined && isMet(nameOfEnd(family)))) met.add(record.key)
    }
    const keys = [...blocks.asked].filter(isMet)
    for (const key of await matchedSince(tx, blocks, keys, context)) met.add(key)
  }
  return met
}

/** The touched records that may be one person with a record that came under one of these keys, or whose block is oversized by now or no more. */
async function matchedSince(
  tx: PoolClient,
  { touched, askedBy, unstored, oversized, pairs, familyNow }: BlockCandidates,
  keys: readonly BlockingKey[],
  { scoringModel, open, numbers, isWritten }: OverlapContext,
): Promise<Index[]> {
  if (keys.length === 0) return []
  const wanted = new Set(keys)
  const { blocks, oversized: full } = await lookUpBlocks(tx, keys, isWritten ? undefined : unstored)
  const own = new Map<BlockingKey, number>()
  const askers = touched.map((record) => [record, askedBy(record).filter((key) => wanted.has(key))] as const)
  for (const record of touched) {
    for (const key of record.keys.stored) if (wanted.has(key)) own.set(key, (own.get(key) ?? 0) + 1)
  }
  // Of a block that is the chunk's alone nothing comes back.
  for (const [key, count] of own) if (count > BLOCK_LIMIT) full.add(key)
  const isOther = (key: BlockingKey) => full.has(key) !== oversized.has(key)
  const ofOther = askers.filter(([, asked]) => asked.some(isOther)).map(([{ key }]) => key)
  const known = new Map<TouchedRecord, Set<Index>>()
  for (const [record, key] of pairs) known.set(record, (known.get(record) ?? new Set()).add(key))
  const brought = new Set(touched.map(({ key }) => key))
  const fresh: [TouchedRecord, Index][] = []
  for (const [record, asked] of askers) {
    const others = possibleIn(blocks, asked, record.features, numbers)
    for (const key of others) if (!brought.has(key) && !known.get(record)?.has(key)) fresh.push([record, key])
  }
  const stored = await readAsCandidates(tx, [...new Set(fresh.map(([, key]) => key))], { open, familyNow })
  const { edges } = scoreCandidates(
    { ofChunk: [], withStored: fresh, ofUnited: [], stored, oversized: 0 },
    scoringModel,
  )
  return [...ofOther, ...edges.map(([key]) => key)]
}
