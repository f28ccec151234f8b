import { FORGOTTEN } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const PASS = 1000

/**
 * Destroys the sealed source records of chunks that settled so many days ago. One seal holds many people and cannot be erased
 * for one of them, so it must not stay. A chunk with held entries keeps its records, because a release needs them.
 */
export async function forgetChunks(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk set raw = null, cleaned = null
    where id in (
      select id from chunk
      where state = any(${FORGOTTEN}) and held = 0 and settled_at < now() - make_interval(days => ${days})
        and (raw is not null or cleaned is not null)
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}
