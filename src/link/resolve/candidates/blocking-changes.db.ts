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
 * Which keys each record is found by from now on, and which no more. `ahead` are keys that were written before anything was
 * decided: where they are not exactly those of the state that stays, all of the record's keys are written anew. That is so for a
 * key that stands twice in a chunk, an entry that is held, and a record that somebody else stored meanwhile.
 */
export async function blockingChanges(
  tx: PoolClient,
  touched: readonly TouchedRecord[],
  ahead: readonly BlockingRow[],
  { model, index, open }: { model: Model; index: Indexer; open: Opener },
): Promise<BlockingChanges> {
  const written = keysByRecord(ahead)
  const now = new Map(touched.map((record) => [record.key, record]))
  const left = [...written.keys()].filter((record) => !now.has(record))
  const stored = touched.filter(({ isStored }) => isStored).map(({ key }) => key)
  const former = new Map<Index, readonly BlockingKey[]>()
  for (const { key, platform, dataset, sealed } of await readRecordsByKey(tx, [...stored, ...left])) {
    const features = featuresOf(open(key, platform, sealed), `${platform}|${dataset}`)
    former.set(key, blockingKeys(features, model, index).stored)
  }
  const changes: BlockingChanges = { added: [], removed: [] }
  for (const record of [...now.keys(), ...left]) {
    const before = former.get(record) ?? []
    const keys = now.get(record)?.keys.stored ?? before
    const early = written.get(record)
    if (early !== undefined && before.length === 0 && isSame(early, keys)) continue
    const [added, removed] =
      early === undefined ? [without(keys, before), without(before, keys)] : [keys, new Set([...before, ...early])]
    for (const key of added) changes.added.push({ key, record })
    for (const key of removed) changes.removed.push({ key, record })
  }
  return changes
}

function keysByRecord(rows: readonly BlockingRow[]): Map<Index, BlockingKey[]> {
  const keys = new Map<Index, BlockingKey[]>()
  for (const { key, record } of rows) {
    const of = keys.get(record)
    if (of) of.push(key)
    else keys.set(record, [key])
  }
  return keys
}

function isSame(a: readonly BlockingKey[], b: readonly BlockingKey[]): boolean {
  return a.length === b.length && a.every((key, at) => key === b[at])
}

function without(keys: readonly BlockingKey[], others: readonly BlockingKey[]): BlockingKey[] {
  return keys.filter((key) => !others.includes(key))
}

/** All keys of the present model, deleted and written: those that an earlier model did not make are added, none stands twice. */
export function rewrittenBlocking(touched: readonly TouchedRecord[]): BlockingChanges {
  const rows = touched.flatMap(({ key: record, keys }) => keys.stored.map((key) => ({ key, record })))
  return { added: rows, removed: rows }
}
