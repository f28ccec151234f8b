import type { PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import { decodeReport, type EntryFinding } from '../../domain/report.ts'
import { CHUNK, KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { ClaimedChunk } from '../stage.ts'

/** A chunk of a strict batch; `state` is where it stands. */
export type StrictChunk = ClaimedChunk & { state: string }

/** All chunks of a batch in the order of lines. */
export async function readStrictChunks(db: Db, { batch }: ClaimedChunk): Promise<StrictChunk[]> {
  const { rows } = await db.query<StrictChunk>(sql`
    select c.id, c.batch, b.kind, c.platform, b.dataset, coalesce(c.dataset_version, b.dataset_version) as "datasetVersion",
      b.agreement, b.receipt_order as "receiptOrder", c.first_line as "firstLine", c.entries, c.epoch, c.attempts,
      c.released as "isReleased", false as "isSnapshot", true as "isStrict", c.state
    from chunk c join batch b on b.id = c.batch
    where c.batch = ${batch} order by c.first_line`)
  return rows
}

/** Locks all chunks of a batch in the order of lines and says how each stands; undefined where the batch was aborted meanwhile. */
export async function lockStrictChunks(
  tx: PoolClient,
  batch: BatchId,
): Promise<{ id: string; state: string }[] | undefined> {
  const { rows } = await tx.query<{ id: string; state: string; isAborted: boolean }>(sql`
    select c.id, c.state, b.aborted_at is not null as "isAborted"
    from chunk c join batch b on b.id = c.batch where c.batch = ${batch} order by c.first_line for update of c`)
  return rows.some(({ isAborted }) => isAborted) ? undefined : rows
}

/** What the stages found in a batch that rejects or holds an entry. */
export async function readFaults(db: Db, batch: BatchId): Promise<EntryFinding[]> {
  const { rows } = await db.query<{ findings: Buffer }>(sql`
    select r.findings from report r join chunk c on c.id = r.chunk where c.batch = ${batch}`)
  return rows.flatMap(({ findings }) => decodeReport(findings)).filter(({ severity }) => severity !== 'warning')
}

/** Whether an entry of a batch is rejected or held. */
export async function isAnyOpen(tx: PoolClient, batch: BatchId): Promise<boolean> {
  const { rows } = await tx.query<{ open: boolean }>(sql`
    select exists (select from entry where batch = ${batch} and outcome in ('rejected', 'held')) as open`)
  return rows[0]?.open ?? true
}

/** Frees a chunk that was worked along with the first one, so that a worker that has it saves nothing. */
export async function takeOver(tx: PoolClient, id: string): Promise<void> {
  await tx.query(sql`update chunk set epoch = epoch + 1 where id = ${id}`)
}

/** Settles all chunks of a batch with every entry rejected, and notes that it was refused. */
export async function settleRefused(tx: PoolClient, batch: BatchId): Promise<void> {
  await tx.query(sql`
    update chunk
    set state = ${CHUNK.settled}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0,
      new = 0, updated = 0, unchanged = 0, rejected = entries, held = 0, settled_at = clock_timestamp()
    where batch = ${batch}`)
  await tx.query(sql`update batch set refused_at = clock_timestamp() where id = ${batch}`)
}

/** Whether the outcomes of a chunk in such a state are known. */
export function isKnownState(state: string): boolean {
  return KNOWN.some((known) => known === state)
}
