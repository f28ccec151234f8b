import type { PoolClient } from 'pg'
import type { FamilyId } from '../../../domain/ids.ts'
import type { HiddenNumbers } from '../../../trust/keys/hidden-number.ts'
import { blockingKeys } from '../../block/blocking-keys.ts'
import { rowsOf } from '../../block/dated-rows.ts'
import { featuresOf } from '../../compare/features.ts'
import type { Model } from '../../score/model.ts'
import { readRecordsByKey } from '../../subjects/source.sql.ts'
import type { BlockingRow, Index } from '../../subjects/subject.ts'
import type { BlockingChanges } from '../chunk-changes.ts'
import type { RecordAccess } from '../link-deps.db.ts'
import type { TouchedRecord } from './touched.ts'

/** Which keys each record is found by from now on, and which no more; `leaving` are the families that the records named so far. */
export async function blockingChanges(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  { model, index, open, numbers }: { model: Model } & RecordAccess,
): Promise<BlockingChanges & { leaving: FamilyId[] }> {
  const stored = touched.filter(({ isStored }) => isStored).map(({ key }) => key)
  const former = new Map<Index, readonly BlockingRow[]>()
  const leaving: FamilyId[] = []
  for (const { key, platform, dataset, sealed, family } of await readRecordsByKey(tx, stored)) {
    const features = featuresOf(open(key, platform, sealed), `${platform}|${dataset}`)
    former.set(key, rowsOf({ key, keys: blockingKeys(features, model, index), features }, numbers))
    if (family !== null) leaving.push(family)
  }
  const changes: BlockingChanges = { added: [], removed: [], renumbered: [] }
  for (const record of touched) {
    const rows = rowsOf(record, numbers)
    const before = former.get(record.key)
    if (before === undefined) changes.added.push(...rows)
    else addDifferences(changes, rows, before)
  }
  return { ...changes, leaving }
}

function addDifferences(
  { added, removed, renumbered }: BlockingChanges,
  rows: readonly BlockingRow[],
  before: readonly BlockingRow[],
): void {
  for (const row of rows) {
    const same = before.find(({ key }) => key === row.key)
    if (same === undefined) added.push(row)
    else if (same.number !== row.number) renumbered.push(row)
  }
  for (const row of before) if (!rows.some(({ key }) => key === row.key)) removed.push(row)
}

/** All keys of the present model, deleted and written: those that an earlier model did not make are added, none stands twice. */
export function rewrittenBlocking(touched: readonly TouchedRecord[], numbers: HiddenNumbers): BlockingChanges {
  const rows = touched.flatMap((record) => rowsOf(record, numbers))
  return { added: rows, removed: rows, renumbered: [] }
}
