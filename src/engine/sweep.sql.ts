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

/** Discards uploads that a dead gateway left behind; their keys are free again. */
export async function discardBrokenUploads(db: Db, minutes: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from batch
    where id in (
      select id from batch
      where state = ${BATCH.receiving} and touched_at < now() - make_interval(mins => ${minutes})
      limit ${PASS} for update skip locked)`)
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
