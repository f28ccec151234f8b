import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { entryKey, sourceKey } from '../../domain/keys.ts'
import { BATCH } from '../../domain/states.ts'
import type { WithdrawalReason } from '../../domain/withdrawal.ts'
import { isBatchKnown, isPushedSince, isPushUnderWay } from '../../engine/withdrawals/order.sql.ts'
import { isEntryKnown } from '../../engine/withdrawals/places.sql.ts'
import { readPushed } from '../../engine/withdrawals/pushed.sql.ts'
import { closeWithdrawalBatch, openWithdrawalBatch, readAsOf } from '../../engine/withdrawals/withdrawal-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { isRecordKnown, isRecordStored } from '../subjects/removal.sql.ts'
import type { Index } from '../subjects/subject.ts'
import {
  hasRecordsOf,
  insertTargets,
  insertWithdrawal,
  lockWithdrawals,
  targetBatch,
  type WithdrawalTarget,
} from '../subjects/withdrawal.sql.ts'

export type WithdrawDeps = {
  db: Pool
  vault: Pick<Vault, 'index' | 'useIndexKey'>
  /** The keys under which a record may stand that a sender wrote so. */
  readingsOfKey: (written: string) => readonly string[]
  crash(point: string): void
}

/** Which record: the platform's own key of an entry, or of a member inside one. */
export type NamedRecord = { platform: string; dataset: string; key: string }

/** Who withdraws, and why. */
export type Wish = { reason: WithdrawalReason; by: string }

/**
 * Takes one record back: an entry with all records that came under its key, or one member of an entry. Gives the batch that does
 * it; while nothing was pushed since, the batch of the first request. Throws `not-found` when nothing was ever pushed under the key.
 */
export function withdrawRecord(deps: WithdrawDeps, record: NamedRecord, { reason, by }: Wish): Promise<BatchId> {
  const { platform, dataset } = record
  return inTransaction(deps.db, async (tx) => {
    await withIndexes(tx, deps.vault)
    const target = await findTarget(tx, deps, record)
    if (target === undefined) throw new TitianError('not-found')
    const { named, targets } = target
    const before = await lockWithdrawals(tx, { named })
    if (before !== undefined && !(await isStatedSince(tx, before, target))) return before
    const batch = newId('bat')
    const of = { id: batch, platform, dataset }
    await openWithdrawalBatch(tx, of)
    await insertWithdrawal(tx, { batch, platform, dataset, reason, about: null, named, requestedBy: by })
    await closeWithdrawalBatch(tx, of, { entries: 1, newChunk: () => newId('chk') })
    await insertTargets(tx, batch, await readAsOf(tx, batch), targets)
    await appendAudit(tx, {
      actor: by,
      action: 'record.withdrawn',
      object: batch,
      details: { platform, dataset, reason },
    })
    deps.crash('withdraw:before-commit')
    return batch
  })
}

/** Whether what a withdrawal took away was pushed again, or may have been. */
async function isStatedSince(tx: PoolClient, withdrawal: BatchId, { named, targets }: Target): Promise<boolean> {
  if (await isPushedSince(tx, withdrawal, named)) return true
  const records = targets.flatMap(({ record }) => record ?? [])
  return (await isBatchKnown(tx, withdrawal)) && (await isRecordStored(tx, records))
}

type Target = { named: Index; targets: WithdrawalTarget[] }

/** What a key names: an entry that was pushed; else a member's record; else what a push under way may bring. */
async function findTarget(
  tx: PoolClient,
  { vault, readingsOfKey }: WithdrawDeps,
  { platform, dataset, key: written }: NamedRecord,
): Promise<Target | undefined> {
  const index = (text: string) => vault.index('key', text).toString('hex')
  const readings = readingsOfKey(written).map((key) => ({
    entry: index(entryKey(platform, dataset, key)),
    family: index(sourceKey(platform, dataset, 'keluarga', key)),
    person: index(sourceKey(platform, dataset, 'individu', key)),
  }))
  const whole = ({ entry, family }: (typeof readings)[number]): Target => ({
    named: entry,
    targets: [{ line: 1, entry, record: family, isWhole: true }],
  })
  for (const reading of readings) {
    const { entry, family, person } = reading
    if (await isEntryKnown(tx, entry)) return whole(reading)
    if (!(await isRecordKnown(tx, [family, person]))) continue
    const targets = [family, person].map((record) => ({ line: 1, entry, record, isWhole: false }))
    return { named: entry, targets }
  }
  const [first] = readings
  if (first === undefined || !(await isPushUnderWay(tx, platform, dataset))) return undefined
  const { entry, person } = first
  const { named, targets } = whole(first)
  return { named, targets: [...targets, { line: 1, entry, record: person, isWhole: false }] }
}

/**
 * Takes a batch back: the records whose latest state came in it. Gives the batch that does it; while there is nothing new to take
 * back, that of the first request. Throws `not-found`, `batch-not-pushed` when it is Titian's own, and `batch-pending` while
 * not all of its outcomes are known.
 */
export function withdrawBatch(
  { db, crash }: Pick<WithdrawDeps, 'db' | 'crash'>,
  { batch, platform }: { batch: BatchId; platform: string },
  { reason, by }: Wish,
): Promise<BatchId> {
  return inTransaction(db, async (tx) => {
    await withIndexes(tx)
    const pushed = await readPushed(tx, batch)
    if (pushed === undefined || pushed.platform !== platform) throw new TitianError('not-found')
    if (pushed.kind !== 'push') throw new TitianError('batch-not-pushed')
    if (pushed.state === BATCH.receiving || !(await isBatchKnown(tx, batch))) throw new TitianError('batch-pending')
    const before = await lockWithdrawals(tx, { about: batch })
    if (before !== undefined && !((await isBatchKnown(tx, before)) && (await hasRecordsOf(tx, batch)))) return before
    const id = newId('bat')
    const of = { id, platform, dataset: pushed.dataset }
    await openWithdrawalBatch(tx, of)
    await insertWithdrawal(tx, { ...of, batch: id, reason, about: batch, named: null, requestedBy: by })
    const entries = await targetBatch(tx, id, { batch, asOf: pushed.receiptOrder })
    await closeWithdrawalBatch(tx, of, { entries, asOf: pushed.receiptOrder, newChunk: () => newId('chk') })
    await appendAudit(tx, {
      actor: by,
      action: 'batch.withdrawn',
      object: batch,
      details: { withdrawal: id, entries, reason },
    })
    crash('withdraw:before-commit')
    return id
  })
}
