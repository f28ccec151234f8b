import type { PoolClient } from 'pg'
import type { BatchId, ChunkId, DeliveryId } from '../../domain/ids.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A delivery at a place of the feed, and whether it can be sent again. */
export type Placed = {
  id: DeliveryId
  chunk: ChunkId
  batch: BatchId
  position: string
  state: 'composed' | 'acknowledged'
  isKept: boolean
}

/** The deliveries from a position on, up to another, in the order of the feed. */
export async function placedFrom(tx: PoolClient, from: string, to: string, limit: number): Promise<Placed[]> {
  const { rows } = await tx.query<Placed>(sql`
    select id, chunk, batch, position, state, payload is not null as "isKept" from delivery
    where position >= ${from} and position <= ${to} order by position limit ${limit}`)
  return rows
}

/** Makes acknowledged deliveries open again, those of these chunks; the receipt they had stays until there is a new one. */
export async function reopenDeliveries(
  tx: PoolClient,
  chunks: readonly ChunkId[],
  { by, reason }: { by: string; reason: string },
): Promise<BatchId[]> {
  const { rows } = await tx.query<{ batch: BatchId }>(sql`
    update delivery
    set state = 'composed', acknowledged_at = null, acknowledged_by = null, receipt_keyid = null, sent_at = null, last_answer = null,
      tried_at = null, resends = resends + 1, resent_at = now(), resent_by = ${by}, resent_reason = ${reason}
    where id in (
      select id from delivery
      where chunk = any(${chunks}) and state = 'acknowledged' and payload is not null order by id for update)
    returning batch`)
  return [...new Set(rows.map(({ batch }) => batch))]
}
