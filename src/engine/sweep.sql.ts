import type { PoolClient } from 'pg'
import type { BatchId } from '../domain/ids.ts'
import { BATCH, CHUNK, WORKING } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

// Bounds one pass over a long backlog; the next pass takes the rest.
const PASS = 1000

/** Frees chunks whose lease has run out. The claim stays counted, since it made no progress. */
export async function freeExpiredLeases(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk set lease_until = null, dispatched_at = null
    where id in (
      select id from chunk
      where state = any(${WORKING}) and lease_until < now()
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}

/**
 * Mends what a jump of the clock left in the future, further than it could have been set: a lease goes on for one lease, so
 * that a living worker prolongs it and a dead one's ends; a dispatch counts from now; what waited is due. Seconds throughout.
 */
export async function mendFuture(db: Db, most: { lease: number; retry: number; forward: number }): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk
    set lease_until = case
        when lease_until > now() + make_interval(secs => ${2 * most.lease}) then now() + make_interval(secs => ${most.lease})
        else lease_until end,
      dispatched_at = least(dispatched_at, now()),
      due_at = case
        when due_at > now() + make_interval(secs => case when state = ${CHUNK.linked} then ${most.forward}::float8 else ${most.retry}::float8 end)
        then now() else due_at end
    where id in (
      select id from chunk
      where state = any(${WORKING}) and (
        lease_until > now() + make_interval(secs => ${2 * most.lease})
        or dispatched_at > now() + interval '2 seconds'
        or due_at > now() + make_interval(secs => case when state = ${CHUNK.linked} then ${most.forward}::float8 else ${most.retry}::float8 end))
      limit ${10 * PASS} for update skip locked)`)
  return rowCount ?? 0
}

/**
 * Frees chunks to be dispatched again that nobody claimed: their job was lost, or waits behind a dead worker.
 * The epoch moves on, because the queue ignores a new job under an id that still exists.
 */
export async function forgetLostDispatches(db: Db, seconds: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk set epoch = epoch + 1, dispatched_at = null
    where id in (
      select id from chunk
      where state = any(${WORKING}) and lease_until is null
        and dispatched_at < now() - make_interval(secs => ${seconds})
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}

/** Batches that are not settled although all of their chunks are. */
export async function selectUnsettled(db: Db): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select id from batch
    where state = ${BATCH.received}
      and not exists (select from chunk where chunk.batch = batch.id and chunk.state <> ${CHUNK.settled})
    limit ${PASS}`)
  return rows.map(({ id }) => id)
}

/** An upload that has not been heard of, and when it was heard of last, to the microsecond. */
export type Silent = { id: BatchId; touched: string }

/** Uploads that have been silent for so many minutes, or were heard of last at a time that is still to come. */
export async function selectSilentUploads(db: Db, minutes: number): Promise<Silent[]> {
  const { rows } = await db.query<Silent>(sql`
    select id, touched_at::text as touched from batch
    where state = ${BATCH.receiving} and submission is null
      and (touched_at < now() - make_interval(mins => ${minutes}) or touched_at > now() + interval '1 minute')
    limit ${PASS}`)
  return rows
}

/** Discards uploads that were left behind by a gateway's death, if they are still silent; their keys are free again. */
export async function discardBrokenUploads(db: Db, silent: readonly Silent[]): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from batch
    using unnest(${silent.map(({ id }) => id)}::text[], ${silent.map(({ touched }) => touched)}::timestamptz[]) as s (id, touched)
    where batch.id = s.id and state = ${BATCH.receiving} and touched_at = s.touched`)
  return rowCount ?? 0
}

/**
 * Lets one sweeper work at a time, until its transaction ends; false when another one works. PostgreSQL ends the transaction
 * of a sweeper that was stopped in the middle, by the timeout below.
 */
export async function tryLockSweep(tx: PoolClient): Promise<boolean> {
  await tx.query(sql`set local idle_in_transaction_session_timeout = '15s'`)
  const { rows } = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('titian sweep')) as mine`,
  )
  return rows[0]?.mine === true
}
