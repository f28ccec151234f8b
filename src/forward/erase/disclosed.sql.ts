import type { DeliveryId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A delivery that may tell of somebody, with the hashes of whom it touches, and its changes, compressed. */
export type TouchingDelivery = {
  id: DeliveryId
  dataset: string
  composedAt: Date
  acknowledgedAt: Date | null
  touched: Buffer | null
  changes: Buffer | null
}

/** Deliveries that may touch subjects of these hashes; a hash may be found across two others, so the caller looks again. */
export async function readTouching(db: Db, hashes: readonly number[]): Promise<TouchingDelivery[]> {
  const { rows } = await db.query<TouchingDelivery>(sql`
    select id, manifest ->> 'dataset' as dataset, composed_at as "composedAt", acknowledged_at as "acknowledgedAt",
      subjects as touched, changes
    from delivery
    where exists (
      select from unnest(${hashes.map((hash) => hash.toString(16).padStart(8, '0'))}::text[]) as given(hash)
      where position(decode(given.hash, 'hex') in subjects) > 0)
    order by composed_order`)
  return rows
}

/** The changes of some deliveries, compressed; of one from before there were changes it is not known. */
export async function readChangesOf(db: Db, deliveries: readonly string[]): Promise<Buffer[]> {
  if (deliveries.length === 0) return []
  const { rows } = await db.query<{ changes: Buffer }>(sql`
    select changes from delivery where id = any(${deliveries}::text[]) and changes is not null`)
  return rows.map(({ changes }) => changes)
}
