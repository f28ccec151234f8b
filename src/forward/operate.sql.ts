import type { PoolClient } from 'pg'
import type { BatchId, ChunkId, DeliveryId } from '../domain/ids.ts'
import { hastenChunk, readDueTimes } from '../engine/chunk.sql.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { endPauses } from './breaker.sql.ts'

/** A delivery that nobody has acknowledged, as those see it who operate the gateway. */
export type OpenDelivery = {
  id: DeliveryId
  batch: BatchId
  platform: string
  records: number
  attempts: number
  lastAnswer: string | null
  triedAt: Date | null
  composedAt: Date
  /** When it is tried next; null while a worker has it. */
  dueAt: Date | null
}

/** The oldest open deliveries, and how many there are in all. */
export async function selectOpenDeliveries(
  db: Db,
  limit: number,
): Promise<{ open: number; deliveries: OpenDelivery[] }> {
  const { rows } = await db.query<Omit<OpenDelivery, 'dueAt'> & { chunk: ChunkId; open: number }>(sql`
    select id, chunk, batch, platform, records, attempts, last_answer as "lastAnswer", tried_at as "triedAt",
      composed_at as "composedAt", (count(*) over ())::integer as open
    from delivery where state = 'composed' order by composed_at, id limit ${limit}`)
  const due = await readDueTimes(
    db,
    rows.map(({ chunk }) => chunk),
  )
  const deliveries = rows.map(({ open: _, chunk, ...delivery }) => ({ ...delivery, dueAt: due.get(chunk) ?? null }))
  return { open: rows[0]?.open ?? 0, deliveries }
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
