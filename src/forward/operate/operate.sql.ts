import type { PoolClient } from 'pg'
import type { ChunkId } from '../../domain/ids.ts'
import { hastenChunk, readDueTimes } from '../../engine/chunk.sql.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { endPauses } from '../breaker.sql.ts'
import type { DeliveryWay, OpenDelivery } from './delivery-way.ts'

/** The oldest open deliveries, and how many there are in all. */
export async function selectOpenDeliveries(
  db: Db,
  limit: number,
): Promise<{ open: number; deliveries: OpenDelivery[] }> {
  const { rows } = await db.query<Omit<OpenDelivery, 'dueAt'> & { chunk: ChunkId; open: number }>(sql`
    select id, chunk, batch, platform, records, status, attempts, last_answer as "lastAnswer", tried_at as "triedAt",
      composed_at as "composedAt", (count(*) over ())::integer as open
    from delivery where state = 'composed' order by composed_at, id limit ${limit}`)
  const due = await readDueTimes(
    db,
    rows.map(({ chunk }) => chunk),
  )
  const deliveries = rows.map(({ open: _, chunk, ...delivery }) => ({ ...delivery, dueAt: due.get(chunk) ?? null }))
  return { open: rows[0]?.open ?? 0, deliveries }
}

/** One delivery and its way; undefined when there is none of this id. */
export async function selectDelivery(db: Db, id: string): Promise<DeliveryWay | undefined> {
  const { rows } = await db.query<Omit<DeliveryWay, 'dueAt'> & { chunk: ChunkId }>(sql`
    select id, chunk, batch, platform, records, entries, status, attempts, last_answer as "lastAnswer",
      tried_at as "triedAt", composed_at as "composedAt", position, sent_at as "sentAt",
      acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy", receipt_keyid as "signedBy", resends, resent_at as "resentAt",
      case when state = 'acknowledged' then coalesce(jsonb_array_length(receipt -> 'refused'), 0) else 0 end as refused,
      payload is not null as "isKept"
    from delivery where id = ${id}`)
  const [row] = rows
  if (row === undefined) return undefined
  const { chunk, ...delivery } = row
  const isOpen = delivery.status !== 'acknowledged'
  const dueAt = isOpen ? ((await readDueTimes(db, [chunk])).get(chunk) ?? null) : null
  return { ...delivery, dueAt }
}

/** Until when destinations are left alone, the longest of them; null when none is. */
export async function selectPause(db: Db): Promise<Date | null> {
  const { rows } = await db.query<{ until: Date | null }>(sql`
    select max(open_until) as until from destination where open_until > now()`)
  return rows[0]?.until ?? null
}

/** What became of the wish to try a delivery again: it is due, it is with a worker, it was acknowledged, or there is none. */
export type Retried = 'due' | 'under-way' | 'acknowledged' | 'unknown'

/** Makes a delivery due at once and ends the pause of its destination; written down in the audit log. */
export async function retryDelivery(tx: PoolClient, id: string, actor: string): Promise<Retried> {
  const { rows } = await tx.query<{ chunk: ChunkId; state: string }>(sql`
    select chunk, state from delivery where id = ${id}`)
  const [delivery] = rows
  if (delivery === undefined) return 'unknown'
  if (delivery.state === 'acknowledged') return 'acknowledged'
  const isDue = await hastenChunk(tx, delivery.chunk)
  await endPauses(tx)
  await appendAudit(tx, { actor, action: 'delivery.retried', object: id })
  return isDue ? 'due' : 'under-way'
}
