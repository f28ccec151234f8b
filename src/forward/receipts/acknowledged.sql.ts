import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { DeliveryReceipt } from '../receipt.ts'

/** A delivery of a batch that BPS acknowledged, and its word on it. */
export type AcknowledgedDelivery = {
  id: string
  entries: number
  receipt: DeliveryReceipt
  by: string
  at: Date
  /** The key under which the signature held. */
  keyid: string | null
}

/** The acknowledged deliveries of a batch after one of them, by id; of one platform where one is named. */
export async function acknowledgedOf(
  db: Db,
  { batch, platform, after, limit }: { batch: string; platform: string | null; after: string; limit: number },
): Promise<AcknowledgedDelivery[]> {
  const { rows } = await db.query<AcknowledgedDelivery>(sql`
    select id, entries, receipt, acknowledged_by as by, acknowledged_at as at, receipt_keyid as keyid
    from delivery
    where batch = ${batch} and state = 'acknowledged' and id > ${after}
      and (${platform}::text is null or platform = ${platform})
    order by id limit ${limit}`)
  return rows
}
