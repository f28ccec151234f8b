import type { PoolClient } from 'pg'
import { blockingKeys } from '../../block/blocking-keys.ts'
import { featuresOf } from '../../compare/features.ts'
import type { Model } from '../../score/model.ts'
import type { BlockingRow } from '../../subjects/blocking.sql.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import type { Opener } from '../../subjects/source-record.ts'
import type { BlockingKey, Index } from '../../subjects/subject.ts'
import type { TouchedRecord } from './touched.ts'

/** Blocking keys to be written and deleted. */
export type BlockingChanges = { added: BlockingRow[]; removed: BlockingRow[] }

/**
 * Which keys each touched record is found by from now on, and which no more. The keys of the `inserted` records are
 * written already.
 */
export async function blockingChanges(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  inserted: ReadonlySet<Index>,
  { model, index, open }: { model: Model; index: Indexer; open: Opener },
): Promise<BlockingChanges> {
  const former = new Map<Index, readonly BlockingKey[]>()
  const stored = touched.filter(({ isStored }) => isStored).map(({ key }) => key)
  for (const { key, platform, dataset, sealed } of await readRecordsByKey(tx, stored)) {
    const features = featuresOf(open(key, platform, sealed), `${platform}|${dataset}`)
    former.set(key, blockingKeys(features, model, index).stored)
  }
  const changes: BlockingChanges = { added: [], removed: [] }
  for (const { key: record, keys } of touched) {
    const before = former.get(record) ?? []
    const added = inserted.has(record) ? [] : keys.stored
    for (const key of added) if (!before.includes(key)) changes.added.push({ key, record })
    for (const key of before) if (!keys.stored.includes(key)) changes.removed.push({ key, record })
  }
  return changes
}

/** All keys of the present model, deleted and written: those that an earlier model did not make are added, none stands twice. */
export function rewrittenBlocking(touched: readonly TouchedRecord[]): BlockingChanges {
  const rows = touched.flatMap(({ key: record, keys }) => keys.stored.map((key) => ({ key, record })))
  return { added: rows, removed: rows }
}
