import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, BEFORE_KNOWN, CHUNK } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A chunk whose entries are dropped. */
export type DroppedChunk = { id: ChunkId; batch: BatchId; platform: string; entries: number }

// Bounds one pass of the sweeper; the next one takes the rest.
const PASS = 100

/** Marks a batch as aborted; false when it was before. */
export async function markAborted(tx: PoolClient, batch: BatchId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update batch set aborted_at = clock_timestamp()
    where id = ${batch} and state = ${BATCH.received} and aborted_at is null`)
  return rowCount === 1
}

/**
 * Locks the next chunk of an aborted batch whose outcomes are not known; undefined when there is none. A worker that commits at
 * this moment is waited for, and then its chunk is not dropped any more.
 */
export async function lockNextOpen(tx: PoolClient, batch: BatchId): Promise<DroppedChunk | undefined> {
  const { rows } = await tx.query<DroppedChunk>(sql`
    select c.id, c.batch, c.platform, c.entries
    from chunk c join batch b on b.id = c.batch
    where c.batch = ${batch} and b.aborted_at is not null and c.state = any(${BEFORE_KNOWN})
    order by c.first_line limit 1 for update of c`)
  return rows[0]
}

/** Settles a chunk of which every entry is rejected; a worker that holds it saves nothing any more. */
export async function settleRejected(tx: PoolClient, { id, entries }: DroppedChunk): Promise<void> {
  await tx.query(sql`
    update chunk
    set state = ${CHUNK.settled}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0, cleaned = null,
      new = 0, updated = 0, unchanged = 0, rejected = ${entries}, held = 0, settled_at = clock_timestamp()
    where id = ${id}`)
}

/** Aborted batches of which something is left to be dropped: whoever aborted them has died meanwhile. */
export async function selectHalfAborted(db: Db): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select b.id from batch b
    where b.state = ${BATCH.received} and b.aborted_at is not null
      and exists (select from chunk c where c.batch = b.id and c.state = any(${BEFORE_KNOWN}))
    limit ${PASS}`)
  return rows.map(({ id }) => id)
}
