import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

// Bounded, so that one pass is short; the next one takes the rest.
const PASS = 1000

/** Destroys the bytes of deliveries that were acknowledged so many days ago; manifest, digest and receipt stay as evidence. */
export async function forgetDeliveries(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update delivery set payload = null
    where id in (
      select id from delivery
      where payload is not null and acknowledged_at < now() - make_interval(days => ${days})
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}
