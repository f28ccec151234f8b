import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import { BATCH, CALLING, CHUNK, type ChunkState, STAGE, WORKING } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Dispatch } from '../io/queue.ts'
import { areIndexesOf } from '../trust/reindex/gate.db.ts'
import type { ClaimedChunk } from './stage.ts'

type Held = { id: ChunkId; epoch: number }

/** Takes the chunk if this dispatch is still current and nobody holds it; the clock is the database's. */
export async function claimChunk(
  db: Db,
  dispatch: Dispatch,
  from: ChunkState,
  seconds: number,
): Promise<ClaimedChunk | undefined> {
  const { rows } = await db.query<ClaimedChunk>(sql`
    update chunk c
    set epoch = epoch + 1, attempts = attempts + 1, lease_until = now() + make_interval(secs => ${seconds})
    from batch b
    where c.id = ${dispatch.chunk} and c.state = ${from} and c.epoch = ${dispatch.epoch} and b.id = c.batch
      and (c.lease_until is null or c.lease_until < now())
    returning c.id, c.batch, b.kind, c.platform, b.dataset,
      coalesce(c.dataset_version, b.dataset_version) as "datasetVersion", b.agreement,
      b.receipt_order as "receiptOrder", c.first_line as "firstLine", c.entries, c.epoch, c.attempts,
      c.released as "isReleased", coalesce(b.snapshot in ('open', 'held'), false) as "isSnapshot",
      b.mode = 'strict' as "isStrict", b.trace`)
  return rows[0]
}

/** Prolongs the lease; false when the chunk has been taken over. */
export async function renewLease(db: Db, { id, epoch }: Held, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update chunk set lease_until = now() + make_interval(secs => ${seconds})
    where id = ${id} and epoch = ${epoch} and lease_until is not null`)
  return rowCount === 1
}

/**
 * Locks the chunk for the commit; false when it has been taken over, or was indexed under a key that works no more, and then nothing may
 * be saved.
 */
export async function fenceChunk(
  tx: PoolClient,
  { id, epoch, indexKey }: Held & Pick<ClaimedChunk, 'indexKey'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    select from chunk where id = ${id} and epoch = ${epoch} and lease_until is not null for update`)
  if (rowCount !== 1) return false
  return indexKey === undefined || areIndexesOf(tx, indexKey)
}

/** Puts a fenced chunk into its next state, free and due at once. */
export async function advanceChunk(tx: PoolClient, { id, epoch }: Held, state: ChunkState): Promise<void> {
  await tx.query(sql`
    update chunk
    set state = ${state}, lease_until = null, dispatched_at = null, attempts = 0, due_at = clock_timestamp(),
      settled_at = case when ${state}::text = ${CHUNK.settled} then clock_timestamp() end
    where id = ${id} and epoch = ${epoch}`)
}

/** Frees the chunk until later; `attempts` says whether the claim counts against it. */
export async function postponeChunk(db: Db, { id, epoch }: Held, seconds: number, attempts: number): Promise<void> {
  await db.query(sql`
    update chunk
    set lease_until = null, dispatched_at = null, attempts = ${attempts}, due_at = now() + make_interval(secs => ${seconds})
    where id = ${id} and epoch = ${epoch} and lease_until is not null`)
}

/**
 * Takes back a claim that an outage ended, and frees the chunk until later. The sweeper may have freed it meanwhile, or another
 * may have claimed it since: their lease and their due time stay.
 */
export async function forgiveClaim(db: Db, { id, epoch, attempts }: ClaimedChunk, seconds: number): Promise<void> {
  await db.query(sql`
    update chunk
    set attempts = greatest(chunk.attempts - 1, 0),
      lease_until = case when epoch = ${epoch} then null else lease_until end,
      dispatched_at = case when epoch = ${epoch} then null else dispatched_at end,
      due_at = case when epoch = ${epoch} then now() + make_interval(secs => ${seconds}) else due_at end
    where id = ${id} and epoch >= ${epoch} and chunk.attempts >= ${attempts} and state <> ${CHUNK.settled}`)
}

/** Makes a chunk due at once; false when it is not waiting, because it is done or a worker has it. */
export async function hastenChunk(db: Db, id: ChunkId): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update chunk set due_at = now()
    where id = ${id} and state = any(${WORKING}) and lease_until is null`)
  return rowCount === 1
}

/** When chunks are due; null for one that a worker has. */
export async function readDueTimes(db: Db, ids: readonly ChunkId[]): Promise<Map<ChunkId, Date | null>> {
  const { rows } = await db.query<{ id: ChunkId; due: Date | null }>(sql`
    select id, case when lease_until is null then due_at end as due from chunk where id = any(${ids})`)
  return new Map(rows.map(({ id, due }) => [id, due]))
}

/**
 * Whether a dispatch for this state has waited unanswered for longer than so many seconds; with `mostEntries`, one of a chunk that
 * has no more entries and is alone, as `MarkedChunk` has it.
 */
export async function isDispatchUnclaimed(
  db: Db,
  state: ChunkState,
  seconds: number,
  mostEntries: number | null = null,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    select from chunk c
    where state = any(${WORKING}) and state = ${state} and lease_until is null
      and dispatched_at < now() - make_interval(secs => ${seconds})
      and (${mostEntries}::integer is null or entries <= ${mostEntries} and not exists (
        select from chunk other
        where other.platform = c.platform and other.state = any(${WORKING}) and other.id <> c.id
          and (other.state <> all(${CALLING}) or c.state = any(${CALLING}))))
    limit 1`)
  return rowCount === 1
}

/**
 * Settles a chunk whose delivery was acknowledged outside the pipeline (pull); false when it was not waiting for that.
 * The epoch moves on, so that a worker that holds it at this moment saves nothing.
 */
export async function settleChunk(tx: PoolClient, id: ChunkId): Promise<boolean> {
  const { rows } = await tx.query<{ batch: BatchId }>(sql`
    update chunk
    set state = ${CHUNK.settled}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0, settled_at = clock_timestamp()
    where id = ${id} and state = ${STAGE.forward.from}
    returning batch`)
  const batch = rows[0]?.batch
  if (batch === undefined) return false
  await settleBatch(tx, batch)
  return true
}

/**
 * Settles the batch when all of its chunks are; false when some are not. The row is locked by a statement of its own, so that of
 * two last chunks at the same time the second sees the first. Its key stays free: new chunks and ledger rows of the batch hold
 * it, and two transactions with such rows would wait for each other.
 */
export async function settleBatch(tx: PoolClient, batch: BatchId): Promise<boolean> {
  await tx.query(sql`select from batch where id = ${batch} for no key update`)
  const { rowCount } = await tx.query(sql`
    update batch set state = ${BATCH.settled}, settled_at = coalesce(settled_at, clock_timestamp())
    where id = ${batch} and state = ${BATCH.received}
      and not exists (select from chunk where chunk.batch = batch.id and chunk.state <> ${CHUNK.settled})`)
  return rowCount === 1
}
