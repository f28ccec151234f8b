import type { Quarter } from '../../domain/quarter.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Delivered } from './totals.ts'

/** Counts the deliveries of a platform that were composed in a quarter, by the clocks of Jakarta; a delivery holds up to 2,000 entries. */
export async function countDelivered(db: Db, platform: string, { from, to }: Quarter): Promise<Delivered> {
  const { rows } = await db.query<Delivered>(sql`
    select count(*)::integer as composed, (count(*) filter (where state = 'acknowledged'))::integer as acknowledged,
      (count(*) filter (where state = 'acknowledged' and receipt_keyid is not null))::integer as signed
    from delivery
    where platform = ${platform} and composed_at >= ${from}::timestamp at time zone 'Asia/Jakarta'
      and composed_at < (${to}::date + 1)::timestamp at time zone 'Asia/Jakarta'`)
  return rows[0] ?? { composed: 0, acknowledged: 0, signed: 0 }
}
