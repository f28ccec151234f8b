import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, BEFORE_KNOWN } from '../../domain/states.ts'
import type { SnapshotState } from '../../domain/withdrawal.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A snapshot as it is stored. */
export type Snapshot = {
  id: BatchId
  platform: string
  dataset: string
  datasetVersion: string
  receiptOrder: string
  snapshot: SnapshotState
  /** The batches that it takes the place of; null when it states the whole of the dataset. */
  replaces: BatchId[] | null
  isAborted: boolean
}

// Bounds one pass of the sweeper; the next one takes the rest.
const PASS = 100

/** Open snapshots whose records, and all that was pushed before them, are linked: what is absent can be told. */
export async function selectWholeSnapshots(db: Db): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select s.id from batch s
    where s.snapshot is not null and s.snapshot = 'open' and s.state <> ${BATCH.receiving}
      and not exists (
        select from batch b join chunk c on c.batch = b.id
        where b.platform = s.platform and b.dataset = s.dataset and b.kind in ('push', 'withdrawal')
          and b.state = ${BATCH.received} and b.receipt_order <= s.receipt_order and c.state = any(${BEFORE_KNOWN}))
    order by s.receipt_order limit ${PASS}`)
  return rows.map(({ id }) => id)
}

/** A snapshot, locked until the transaction ends; undefined when the batch is none. */
export async function lockSnapshot(tx: PoolClient, id: BatchId): Promise<Snapshot | undefined> {
  const { rows } = await tx.query<Snapshot>(sql`
    select id, platform, dataset, dataset_version as "datasetVersion", receipt_order as "receiptOrder", snapshot,
      replaces,
      aborted_at is not null as "isAborted"
    from batch where id = ${id} and snapshot is not null and receipt_order is not null for no key update`)
  return rows[0]
}

/** Notes how far a snapshot is; what was counted stays when it is not counted anew. */
export async function markSnapshot(
  tx: PoolClient,
  id: BatchId,
  { state, absent, standing }: { state: SnapshotState; absent?: number; standing?: number },
): Promise<void> {
  await tx.query(sql`
    update batch set snapshot = ${state}, absent = coalesce(${absent ?? null}, absent),
      standing = coalesce(${standing ?? null}, standing)
    where id = ${id}`)
}

/** The pushes of a dataset that were received up to a place in the order of receipt. */
export async function readBatchesUpTo(
  db: Db,
  { platform, dataset, receiptOrder }: Pick<Snapshot, 'platform' | 'dataset' | 'receiptOrder'>,
): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select id from batch
    where platform = ${platform} and dataset = ${dataset} and kind = 'push' and receipt_order <= ${receiptOrder}`)
  return rows.map(({ id }) => id)
}

/** How many entries of a batch have no readable key: nobody knows which records they state. */
export async function countKeyless(db: Db, batch: BatchId): Promise<number> {
  const { rows } = await db.query<{ keyless: number }>(sql`
    select count(*)::integer as keyless from entry where batch = ${batch} and key_index is null`)
  return rows[0]?.keyless ?? 0
}

/** The chunk with a batch's first line, where what concerns the batch as a whole is told; locked until the transaction ends. */
export async function lockFirstChunk(
  tx: PoolClient,
  batch: BatchId,
): Promise<{ id: ChunkId; line: number } | undefined> {
  const { rows } = await tx.query<{ id: ChunkId; line: number }>(sql`
    select id, first_line as line from chunk where batch = ${batch} order by first_line limit 1 for update`)
  return rows[0]
}

/** Keeps who decided about a held snapshot, and the sealed reason. */
export async function decideSnapshot(
  tx: PoolClient,
  id: BatchId,
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  await tx.query(sql`update batch set snapshot_by = ${by}, snapshot_reason = ${reason} where id = ${id}`)
}

/** Lets earlier snapshots of the dataset that are held be kept: a later one has said what is absent. */
export async function keepEarlierHeld(tx: PoolClient, id: BatchId): Promise<BatchId[]> {
  const { rows } = await tx.query<{ id: BatchId }>(sql`
    update batch e set snapshot = 'kept'
    from batch s
    where s.id = ${id} and s.replaces is null and e.platform = s.platform and e.dataset = s.dataset and e.snapshot is not null
      and e.snapshot = 'held' and e.receipt_order < s.receipt_order
    returning e.id`)
  return rows.map(({ id: earlier }) => earlier)
}
