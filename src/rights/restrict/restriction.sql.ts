import type { PoolClient } from 'pg'
import type { BatchId, PersonId, RestrictionId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Restriction } from './restriction.ts'

const COLUMNS = `id, subject, state, received_at as "receivedAt", asked_by as "askedBy", asked_at as "askedAt",
  confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", known, lift_asked_by as "liftAskedBy",
  lift_asked_at as "liftAskedAt", lifted_by as "liftedBy", lifted_at as "liftedAt", batches`

/** Notes that a restriction is asked for; while one is open for the person, that one is given. */
export async function insertRestriction(
  tx: PoolClient,
  wish: { id: RestrictionId; subject: PersonId; reason: string; by: string; receivedAt: Date | null },
): Promise<{ id: RestrictionId; isNew: boolean }> {
  const { rows } = await tx.query<{ id: RestrictionId; isNew: boolean }>(sql`
    with made as (
      insert into restriction (id, subject, reason, asked_by, received_at)
      values (${wish.id}, ${wish.subject}, ${wish.reason}, ${wish.by}, coalesce(${wish.receivedAt}::timestamptz, now()))
      on conflict (subject) where state in ('asked', 'held', 'lifting') do nothing returning id)
    select id, true as "isNew" from made
    union all
    select id, false from restriction where subject = ${wish.subject} and state in ('asked', 'held', 'lifting')
    limit 1`)
  return rows[0] ?? insertRestriction(tx, wish)
}

export async function findRestriction(db: Db, id: string): Promise<Restriction | undefined> {
  const { rows } = await db.query<Restriction>(`select ${COLUMNS} from restriction where id = $1`, [id])
  return rows[0]
}

/** The same, its row locked until the transaction ends. */
export async function lockRestriction(tx: PoolClient, id: string): Promise<Restriction | undefined> {
  const { rows } = await tx.query<Restriction>(`select ${COLUMNS} from restriction where id = $1 for update`, [id])
  return rows[0]
}

/** Notes that a second person has confirmed a restriction, by what the person is known again, and the batch that tells BPS. */
export async function holdRestriction(
  tx: PoolClient,
  id: RestrictionId,
  given: { by: string; known: Buffer; batch: BatchId },
): Promise<void> {
  await tx.query(sql`
    update restriction
    set state = 'held', confirmed_by = ${given.by}, confirmed_at = now(), known = ${given.known},
      batches = batches || ${given.batch}::text
    where id = ${id}`)
}

/** Notes that the lifting of a restriction is asked for. */
export async function askLifting(
  tx: PoolClient,
  id: RestrictionId,
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  await tx.query(sql`
    update restriction set state = 'lifting', lift_asked_by = ${by}, lift_asked_at = now(), lift_reason = ${reason}
    where id = ${id}`)
}

/** Ends a restriction: by what the person was known is forgotten. */
export async function endRestriction(
  tx: PoolClient,
  id: RestrictionId,
  { by, batch }: { by: string; batch: BatchId },
): Promise<void> {
  await tx.query(sql`
    update restriction
    set state = 'lifted', lifted_by = ${by}, lifted_at = now(), known = null, batches = batches || ${batch}::text
    where id = ${id}`)
}

/** Takes back what nobody has confirmed: the restriction, or its lifting. */
export async function declineRestriction(tx: PoolClient, id: RestrictionId): Promise<void> {
  await tx.query(sql`
    update restriction
    set state = case state when 'asked' then 'declined' else 'held' end, lift_asked_by = null, lift_asked_at = null,
      lift_reason = null
    where id = ${id} and state in ('asked', 'lifting')`)
}
