import type { PoolClient } from 'pg'
import type { DeliveryId } from '../../domain/ids.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A delivery whose bytes are kept, and the hashes of whom it touches. */
export type HeldPayload = { id: DeliveryId; touched: Buffer | null; isAcknowledged: boolean }

/** Deliveries with bytes that may touch subjects of these hashes; a hash may be found across two others, so the caller looks again. */
export async function readHeldPayloads(tx: PoolClient, hashes: readonly number[]): Promise<HeldPayload[]> {
  const { rows } = await tx.query<HeldPayload>(sql`
    select id, subjects as touched, state = 'acknowledged' as "isAcknowledged" from delivery
    where payload is not null and (subjects is null or exists (
      select from unnest(${hashes.map((hash) => hash.toString(16).padStart(8, '0'))}::text[]) as given(hash)
      where position(decode(given.hash, 'hex') in subjects) > 0))
    order by id`)
  return rows
}

/** Destroys the bytes of deliveries for good. */
export async function destroyPayloads(tx: PoolClient, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(sql`update delivery set payload = null where id = any(${ids}::text[])`)
}
