import type { PoolClient } from 'pg'
import type { FamilyId } from '../../../domain/ids.ts'
import { blockingKeys } from '../../block/blocking-keys.ts'
import { featuresOf } from '../../compare/features.ts'
import type { Model } from '../../score/model.ts'
import type { BlockingRow } from '../../subjects/blocking.sql.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import type { Opener } from '../../subjects/source-record.ts'
import type { BlockingKey, Index } from '../../subjects/subject.ts'
import type { BlockingChanges } from '../chunk-changes.ts'
import type { TouchedRecord } from './touched.ts'

/** Which keys each record is found by from now on, and which no more; `leaving` are the families that the records named so far. */
export async function blockingChanges(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  { model, index, open }: { model: Model; index: Indexer; open: Opener },
): Promise<BlockingChanges & { leaving: FamilyId[] }> {
  const stored = touched.filter(({ isStored }) => isStored).map(({ key }) => key)
  const former = new Map<Index, readonly BlockingKey[]>()
  const leaving: FamilyId[] = []
  for (const { key, platform, dataset, sealed, family } of await readRecordsByKey(tx, stored)) {
    const features = featuresOf(open(key, platform, sealed), `${platform}|${dataset}`)
    former.set(key, blockingKeys(features, model, index).stored)
    if (family !== null) leaving.push(family)
  }
  const added: BlockingRow[] = []
  const removed: BlockingRow[] = []
  for (const { key: record, keys } of touched) {
    const before = former.get(record) ?? []
    for (const key of without(keys.stored, before)) added.push({ key, record })
    for (const key of without(before, keys.stored)) removed.push({ key, record })
  }
  return { added, removed, leaving }
}

function without(keys: readonly BlockingKey[], others: readonly BlockingKey[]): BlockingKey[] {
  return others.length === 0 ? [...keys] : keys.filter((key) => !others.includes(key))
}

/** All keys of the present model, deleted and written: those that an earlier model did not make are added, none stands twice. */
export function rewrittenBlocking(touched: readonly TouchedRecord[]): BlockingChanges {
  const rows = touched.flatMap(({ key: record, keys }) => keys.stored.map((key) => ({ key, record })))
  return { added: rows, removed: rows }
}
