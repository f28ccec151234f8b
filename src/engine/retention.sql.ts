import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const PASS = 1000

/**
 * Destroys the sealed source records of chunks that settled so many days ago: one seal holds many people, so it cannot be
 * erased for one of them and must not stay. A chunk with held entries keeps them: a release needs them.
 */
export async function forgetChunks(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk set raw = null, cleaned = null
    where id in (
      select id from chunk
      where state = 'settled' and held = 0 and settled_at < now() - make_interval(days => ${days})
        and (raw is not null or cleaned is not null)
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}

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
