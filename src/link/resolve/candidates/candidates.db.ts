import type { PoolClient } from 'pg'
import type { SubjectId } from '../../../domain/ids.ts'
import type { HiddenNumbers } from '../../../trust/keys/hidden-number.ts'
import { possibleIn } from '../../block/dated-rows.ts'
import type { PersonRecord } from '../../cluster/grouping.ts'
import { BLOCK_LIMIT, lookUpBlocks } from '../../subjects/blocking.sql.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import type { Opener } from '../../subjects/source-record.ts'
import type { BlockingKey, Index } from '../../subjects/subject.ts'
import type { BlockCandidates } from '../ahead/block-candidates.ts'
import type { Footprint } from '../ahead/footprint.ts'
import type { FamilyIds } from '../families/family-ids.ts'
import type { RecordAccess } from '../link-deps.db.ts'
import { keysOfFamilies, pairsOfUnited, relativesAmong, relativesOf } from './relatives.db.ts'
import type { Candidates } from './score-candidates.ts'
import { personRecordOf } from './stored-person.ts'
import type { TouchedRecord } from './touched.ts'

/** Finds candidates for touched records by blocking keys and, where no NIK tells a record, among its relatives. */
export async function findCandidates(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  { families, open, numbers, seen }: { families: FamilyIds; seen: Footprint } & Pick<RecordAccess, 'open' | 'numbers'>,
): Promise<Candidates> {
  const own = new Set(touched.map(({ key }) => key))
  const ofUnited = await pairsOfUnited(tx, own, families)
  const chunkBlocks = blocksOf(touched)
  const known = { own, chunkBlocks, families, numbers }
  const { pairs, oversized, ...blocks } = await pairsWithStored(tx, touched, known)
  const keys = [...new Set([...pairs.map(([, key]) => key), ...ofUnited.flat()])]
  const stored = await readAsCandidates(tx, keys, { open, familyNow: families.now })
  seen.note(() => ofUnited)
  seen.noteBlocks({ ...blocks, touched, pairs, oversized, stored, familyNow: families.now })
  return { ofChunk: pairsOfChunk(touched, chunkBlocks), withStored: pairs, ofUnited, stored, oversized: oversized.size }
}

/** Stored records as candidates, each with its person; those that are gone are left out. */
export async function readAsCandidates(
  tx: PoolClient,
  keys: readonly Index[],
  { open, familyNow }: { open: Opener; familyNow: FamilyIds['now'] },
): Promise<Map<Index, { person: SubjectId; record: PersonRecord }>> {
  const rows = await readRecordsByKey(tx, keys)
  return new Map(rows.map((row) => [row.key, { person: row.subject, record: personRecordOf(row, open, familyNow) }]))
}

type ChunkBlocks = ReadonlyMap<BlockingKey, TouchedRecord[]>

/** The touched records under each key that they are found by. */
function blocksOf(touched: readonly TouchedRecord[]): ChunkBlocks {
  const blocks = new Map<BlockingKey, TouchedRecord[]>()
  for (const record of touched) {
    for (const key of record.keys.stored) {
      const block = blocks.get(key)
      if (block) block.push(record)
      else blocks.set(key, [record])
    }
  }
  return blocks
}

/** Pairs of touched records that share a block, unless it is oversized, or are relatives of whom no NIK tells one. */
function* pairsOfChunk(
  touched: readonly TouchedRecord[],
  blocks: ChunkBlocks,
): Generator<[TouchedRecord, TouchedRecord]> {
  const relatives = relativesAmong(touched)
  for (const record of touched) {
    const met = new Set<TouchedRecord>()
    for (const key of record.keys.asked) {
      const block = blocks.get(key) ?? []
      if (block.length > BLOCK_LIMIT) continue
      for (const other of block) {
        if (other === record || met.has(other)) continue
        met.add(other)
        yield [record, other]
      }
    }
    for (const other of relatives.get(record) ?? []) if (!met.has(other)) yield [record, other]
  }
}

type AboutChunk = {
  own: ReadonlySet<Index>
  chunkBlocks: ChunkBlocks
  families: FamilyIds
  numbers: HiddenNumbers
}

/** Pairs of a touched record and a stored one that share a block or are relatives; `own` are the keys of the touched ones. */
async function pairsWithStored(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  { own, chunkBlocks, families, numbers }: AboutChunk,
): Promise<
  Pick<BlockCandidates, 'asked' | 'askedBy' | 'unstored' | 'oversized'> & { pairs: [TouchedRecord, Index][] }
> {
  const familyKeys = await keysOfFamilies(tx, touched, families)
  const askedBy = ({ keys, source }: TouchedRecord) => [
    ...keys.asked,
    ...((source.family && familyKeys.get(source.family)) ?? []),
  ]
  const asked = new Set(touched.flatMap(askedBy))
  const unstored = (key: BlockingKey) => chunkBlocks.get(key)?.filter(({ isStored }) => !isStored).length ?? 0
  const { blocks, oversized } = await lookUpBlocks(tx, [...asked], unstored)
  // Of a block that is the chunk's alone nothing came back.
  for (const [key, block] of chunkBlocks) if (block.length > BLOCK_LIMIT) oversized.add(key)
  const relatives = await relativesOf(tx, touched, families)
  const pairs: [TouchedRecord, Index][] = []
  for (const record of touched) {
    const met = possibleIn(blocks, askedBy(record), record.features, numbers)
    for (const other of relatives.get(record) ?? []) met.add(other)
    for (const other of met) if (!own.has(other)) pairs.push([record, other])
  }
  return { pairs, oversized, asked, askedBy, unstored }
}
