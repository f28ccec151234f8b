import type { PoolClient } from 'pg'
import type { BatchId, ErasureId, PersonId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Destroyed, Erasure } from './erasure.ts'

// A round opens every chunk that is kept.
const ROUND_SECONDS = 10

const COLUMNS = `id, subject, state, reason, asked_by as "askedBy", asked_at as "askedAt", confirmed_by as "confirmedBy",
  confirmed_at as "confirmedAt", batches, waiting, records, entries, deliveries, results, done_at as "doneAt", certificate`

/** An erasure that is at work, with what it looks for, sealed. */
export type RunningErasure = Erasure & { state: 'taking' | 'destroying'; asOf: string; sought: Buffer; cursor: string }

/** Notes that a person's erasure is asked for; while one is open for the person, that one is given. */
export async function insertErasure(
  tx: PoolClient,
  wish: { id: ErasureId; subject: PersonId; reason: string; by: string },
): Promise<{ id: ErasureId; isNew: boolean }> {
  const { rows } = await tx.query<{ id: ErasureId; isNew: boolean }>(sql`
    with made as (
      insert into erasure (id, subject, reason, asked_by) values (${wish.id}, ${wish.subject}, ${wish.reason}, ${wish.by})
      on conflict (subject) where state in ('asked', 'taking', 'destroying') do nothing returning id)
    select id, true as "isNew" from made
    union all
    select id, false from erasure where subject = ${wish.subject} and state in ('asked', 'taking', 'destroying')
    limit 1`)
  return rows[0] ?? insertErasure(tx, wish)
}

export async function findErasure(db: Db, id: string): Promise<Erasure | undefined> {
  const { rows } = await db.query<Erasure>(`select ${COLUMNS} from erasure where id = $1`, [id])
  return rows[0]
}

/** The same, its row locked until the transaction ends. */
export async function lockErasure(tx: PoolClient, id: string): Promise<Erasure | undefined> {
  const { rows } = await tx.query<Erasure>(`select ${COLUMNS} from erasure where id = $1 for update`, [id])
  return rows[0]
}

export async function declineErasure(tx: PoolClient, id: ErasureId): Promise<void> {
  await tx.query(sql`update erasure set state = 'declined' where id = ${id} and state = 'asked'`)
}

/** Notes that a second person has confirmed an erasure, what is looked for, and the batches that take the records away. */
export async function beginErasure(
  tx: PoolClient,
  id: ErasureId,
  given: { by: string; asOf: string; batches: readonly BatchId[]; sought: Buffer; records: number },
): Promise<void> {
  await tx.query(sql`
    update erasure
    set state = 'taking', confirmed_by = ${given.by}, confirmed_at = now(), as_of = ${given.asOf},
      batches = ${given.batches}::text[], sought = ${given.sought}, records = ${given.records}
    where id = ${id}`)
}

/** The running erasure that was confirmed first, its row locked; undefined where none runs, or another process has it. */
export async function takeRunning(tx: PoolClient, after: readonly string[]): Promise<RunningErasure | undefined> {
  const { rows } = await tx.query<RunningErasure>(
    `select ${COLUMNS}, as_of as "asOf", sought, cursor from erasure
     where state in ('taking', 'destroying') and due_at <= now() and id <> all($1) order by confirmed_at limit 1 for update skip locked`,
    [after],
  )
  return rows[0]
}

/** Goes on to destroy, from the first chunk. */
export async function startDestroying(tx: PoolClient, id: ErasureId): Promise<void> {
  await tx.query(sql`update erasure set state = 'destroying', cursor = '', waiting = 0 where id = ${id}`)
}

/** Notes how far a round through the chunks is. */
export async function notePage(
  tx: PoolClient,
  id: ErasureId,
  page: { cursor: string; waiting: number; entries: number },
): Promise<void> {
  await tx.query(sql`
    update erasure set cursor = ${page.cursor}, waiting = ${page.waiting}, entries = entries + ${page.entries} where id = ${id}`)
}

/** Notes what a whole round through the chunks has destroyed, and how much has to wait; the next round begins some seconds later. */
export async function noteRound(
  tx: PoolClient,
  id: ErasureId,
  round: { entries: number; deliveries: number; waiting: number },
): Promise<void> {
  await tx.query(sql`
    update erasure
    set cursor = '', entries = entries + ${round.entries}, deliveries = deliveries + ${round.deliveries},
      waiting = ${round.waiting}, due_at = now() + make_interval(secs => ${ROUND_SECONDS})
    where id = ${id}`)
}

/** Ends an erasure: what was looked for is destroyed, too. */
export async function endErasure(
  tx: PoolClient,
  id: ErasureId,
  { doneAt, certificate, ...sums }: Destroyed & { doneAt: Date; certificate: string },
): Promise<void> {
  await tx.query(sql`
    update erasure
    set state = 'done', sought = null, waiting = 0, cursor = '', done_at = ${doneAt}, certificate = ${certificate},
      records = ${sums.records}, entries = ${sums.entries}, deliveries = ${sums.deliveries}, results = ${sums.results}
    where id = ${id}`)
}

/** Whether a person is being erased at this moment. */
export async function isAnyErasing(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`
    select exists (select from erasure where state in ('taking', 'destroying')) as any`)
  return rows[0]?.any ?? false
}
