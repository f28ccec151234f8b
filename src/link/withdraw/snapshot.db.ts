import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { STAGE } from '../../domain/states.ts'
import { addToReport } from '../../engine/report.sql.ts'
import {
  countKeyless,
  decideSnapshot,
  keepEarlierHeld,
  lockFirstChunk,
  lockSnapshot,
  markSnapshot,
  readBatchesUpTo,
  type Snapshot,
  selectWholeSnapshots,
} from '../../engine/withdrawals/snapshot.sql.ts'
import { closeWithdrawalBatch, openWithdrawalBatch } from '../../engine/withdrawals/withdrawal-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { LINK_FINDINGS } from '../findings.ts'
import {
  type AbsentFrom,
  countAbsent,
  deleteSnapshotKeys,
  insertWithdrawal,
  targetAbsent,
} from '../subjects/withdrawal.sql.ts'

export type SnapshotDeps = {
  /** How many of a hundred records of a dataset version may be absent from a snapshot, before it is held. */
  mostAbsent(dataset: string, version: string): number
  crash(point: string): void
}

/** Who concludes from a snapshot when nobody has to be asked. */
const GATEWAY = 'titian'

/** Concludes from every snapshot that is linked as a whole; says how many there were. */
export async function finishSnapshots(db: Pool, deps: SnapshotDeps): Promise<number> {
  const whole = await selectWholeSnapshots(db)
  for (const id of whole) await inTransaction(db, (tx) => finishSnapshot(tx, deps, id))
  return whole.length
}

/** Withdraws what is absent, or holds the snapshot when too much is, or when a line might be what seems absent. */
async function finishSnapshot(tx: PoolClient, { mostAbsent, crash }: SnapshotDeps, id: BatchId): Promise<void> {
  await withIndexes(tx)
  const chunk = await lockFirstChunk(tx, id)
  const snapshot = await lockSnapshot(tx, id)
  if (chunk === undefined || snapshot?.snapshot !== 'open') return
  // What was dropped was in it: nothing can be said to be absent.
  if (snapshot.isAborted) return keepAbsent(tx, id)
  const from = await lookedAt(tx, snapshot)
  const counted = await countAbsent(tx, from)
  const code = await doubtAbout(tx, snapshot, counted, mostAbsent(snapshot.dataset, snapshot.datasetVersion))
  if (code === undefined) return withdrawAbsent(tx, from, { ...counted, by: GATEWAY, crash })
  await markSnapshot(tx, id, { state: 'held', ...counted })
  const finding = { line: chunk.line, code, severity: LINK_FINDINGS[code].severity, path: '' }
  await addToReport(tx, chunk.id, STAGE.link.name, finding)
  await appendAudit(tx, { actor: GATEWAY, action: 'snapshot.held', object: id, details: { ...counted, code } })
}

async function doubtAbout(
  tx: PoolClient,
  { id }: Snapshot,
  { absent, standing }: { absent: number; standing: number },
  percent: number,
): Promise<'snapshot-shrunken' | 'snapshot-unreadable' | undefined> {
  if (absent === 0) return undefined
  if (absent * 100 > standing * percent) return 'snapshot-shrunken'
  return (await countKeyless(tx, id)) > 0 ? 'snapshot-unreadable' : undefined
}

/** Opens the withdrawal of what a snapshot does not hold. Whatever was received after the snapshot stays. */
async function withdrawAbsent(
  tx: PoolClient,
  from: AbsentFrom,
  { absent, standing, by, crash }: { absent: number; standing: number; by: string; crash(point: string): void },
): Promise<void> {
  const { snapshot, asOf, platform, dataset } = from
  if (absent > 0) {
    const id = newId('bat')
    const of = { id, platform, dataset }
    await openWithdrawalBatch(tx, of)
    await insertWithdrawal(tx, { ...of, batch: id, reason: 'absent', about: snapshot, named: null, requestedBy: by })
    const entries = await targetAbsent(tx, id, from)
    await closeWithdrawalBatch(tx, of, { entries, asOf, newChunk: () => newId('chk') })
  }
  await markSnapshot(tx, snapshot, { state: 'withdrawn', absent, standing })
  for (const earlier of await keepEarlierHeld(tx, snapshot)) await deleteSnapshotKeys(tx, earlier)
  await deleteSnapshotKeys(tx, snapshot)
  await appendAudit(tx, { actor: by, action: 'snapshot.withdrawn', object: snapshot, details: { absent, standing } })
  crash('snapshot:before-commit')
}

/** Withdraws nothing for a snapshot. */
async function keepAbsent(tx: PoolClient, id: BatchId): Promise<void> {
  await markSnapshot(tx, id, { state: 'kept' })
  await deleteSnapshotKeys(tx, id)
}

async function lookedAt(tx: PoolClient, snapshot: Snapshot): Promise<AbsentFrom> {
  const { id, receiptOrder, platform, dataset, replaces } = snapshot
  return {
    snapshot: id,
    asOf: receiptOrder,
    platform,
    dataset,
    batches: replaces ?? (await readBatchesUpTo(tx, snapshot)),
  }
}

/** What operators decide about a held snapshot, and why. */
export type SnapshotDecision = { decision: 'withdraw' | 'keep'; reason: string; by: string }

/**
 * Ends a held snapshot: what is absent is withdrawn after all, or stays. Throws `not-found` when there is no such batch of pushed
 * records and `snapshot-decided` when it is no snapshot that is held.
 */
export function decideHeldSnapshot(
  { db, vault, crash }: { db: Pool; vault: Pick<Vault, 'seal'>; crash(point: string): void },
  id: BatchId,
  { decision, reason, by }: SnapshotDecision,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    await withIndexes(tx)
    const snapshot = await lockSnapshot(tx, id)
    if (snapshot?.snapshot !== 'held') throw new TitianError('snapshot-decided')
    const sealed = sealReason(vault, reason)
    await decideSnapshot(tx, id, { by, reason: sealed })
    if (decision === 'withdraw') {
      const from = await lookedAt(tx, snapshot)
      return withdrawAbsent(tx, from, { ...(await countAbsent(tx, from)), by, crash })
    }
    await keepAbsent(tx, id)
    await appendAudit(tx, { actor: by, action: 'snapshot.kept', object: id, details: { reason: sealed } })
  })
}
