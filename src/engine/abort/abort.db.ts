import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { countCodes, type EntryFinding, encodeReport } from '../../domain/report.ts'
import { BATCH, STAGE } from '../../domain/states.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { settleBatch } from '../chunk.sql.ts'
import { readRaw } from '../chunks/content.sql.ts'
import { insertEntries } from '../chunks/ledger.sql.ts'
import { ENGINE_FINDINGS } from '../findings.ts'
import { saveReport } from '../report.sql.ts'
import { isBatchKnown } from '../withdrawals/order.sql.ts'
import { readPushed } from '../withdrawals/pushed.sql.ts'
import { lockNextOpen, markAborted, selectHalfAborted, settleRejected } from './abort.sql.ts'

export type AbortDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  crash(point: string): void
}

/**
 * Ends a batch: entries that are not linked yet are rejected with `batch-aborted`, linked ones stay and may be withdrawn. That it is
 * aborted is committed first; should this process die, the sweeper drops the rest. Asked again it changes nothing. Throws
 * `not-found`, `batch-not-pushed`, `batch-linked` when nothing is left to drop, and `key-running` while it still uploads.
 */
export async function abortBatch(
  deps: AbortDeps,
  { batch, platform, by }: { batch: BatchId; platform: string | null; by: string },
): Promise<void> {
  const { db, crash } = deps
  await inTransaction(db, async (tx) => {
    const pushed = await readPushed(tx, batch)
    if (pushed === undefined || (platform !== null && pushed.platform !== platform)) throw new TitianError('not-found')
    if (pushed.kind !== 'push') throw new TitianError('batch-not-pushed')
    if (pushed.isAborted) return
    if (pushed.state === BATCH.receiving) {
      throw new TitianError('key-running', 'the upload still runs: break it off, and nothing of it is kept')
    }
    if (await isBatchKnown(tx, batch)) throw new TitianError('batch-linked')
    if (await markAborted(tx, batch)) await appendAudit(tx, { actor: by, action: 'batch.aborted', object: batch })
    crash('abort:marked')
  })
  await dropOpen(deps, batch)
}

/** Drops what is left of aborted batches; says how many there were. */
export async function finishAborts(deps: AbortDeps): Promise<number> {
  const batches = await selectHalfAborted(deps.db)
  for (const batch of batches) await dropOpen(deps, batch)
  return batches.length
}

/** Drops chunk after chunk, each in a transaction of its own, until none is left. */
async function dropOpen(deps: AbortDeps, batch: BatchId): Promise<void> {
  while (await inTransaction(deps.db, (tx) => dropNext(tx, deps, batch)));
}

async function dropNext(tx: PoolClient, { vault, crash }: AbortDeps, batch: BatchId): Promise<boolean> {
  const chunk = await lockNextOpen(tx, batch)
  if (chunk === undefined) return false
  const entries = await readRaw(tx, vault, chunk)
  if (entries?.length !== chunk.entries) throw new TitianError('sealed-invalid', `${chunk.id} has lost its entries`)
  const rejected = entries.map(({ line }) => ({ line, key: null, outcome: 'rejected' as const }))
  await insertEntries(tx, batch, chunk.id, rejected)
  const { severity } = ENGINE_FINDINGS['batch-aborted']
  const findings = entries.map(({ line }): EntryFinding => ({ line, code: 'batch-aborted', severity, path: '' }))
  await saveReport(tx, chunk.id, STAGE.link.name, encodeReport(findings), countCodes(findings))
  await settleRejected(tx, chunk)
  await settleBatch(tx, batch)
  crash('abort:before-commit')
  return true
}
