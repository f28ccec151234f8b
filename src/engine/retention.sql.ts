import { CHUNK, FORGOTTEN } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const PASS = 1000

/**
 * Destroys the sealed source records of chunks that settled so many days ago. One seal holds many people and cannot be erased
 * for one of them, so it must not stay. A chunk with held entries keeps its records, because a release needs them; and all chunks
 * of a push keep theirs until the receipt of the batch is made, which is a second after it has settled. A file of a submission that
 * others look values up in keeps them while an entry of these is held or worked.
 */
export async function forgetChunks(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update chunk set raw = null, cleaned = null
    where id in (
      select id from chunk
      where state = any(${FORGOTTEN}) and held = 0 and settled_at < now() - make_interval(days => ${days})
        and (raw is not null or cleaned is not null)
        and not exists (
          select from batch b
          where b.id = chunk.batch and b.kind = 'push' and b.received > 0
            and (b.settled_at is null or b.receipted_at is distinct from b.settled_at))
        and not exists (
          select from lookup_use u join chunk r on r.batch = u.reader
          where u.source = chunk.batch and (r.held > 0 or r.state <> ${CHUNK.settled}))
      limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}
