import { BATCH, PENDING, WORKING } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Pace } from './progress.ts'

const LATELY = 20

/** How fast a platform's entries go, for a batch that is under way; undefined for one that is not. */
export async function readPace(db: Db, batch: string): Promise<Pace | undefined> {
  const { rows } = await db.query<Pace>(sql`
    select (
        select coalesce(sum(c.entries), 0)::int from chunk c join batch o on o.id = c.batch
        where c.platform = b.platform and c.state = any(${WORKING}) and c.state = any(${PENDING})
          and o.receipt_order <= b.receipt_order) as remaining,
      (select coalesce(sum(c.new + c.updated + c.unchanged + c.rejected + c.held), 0)::int
        from chunk c where c.batch = b.id and not c.state = any(${PENDING})) as known,
      extract(epoch from clock_timestamp() - b.received_at)::float8 as seconds,
      (select max(received / greatest(extract(epoch from settled_at - received_at), 0.1))::float8
        from (
          select received, settled_at, received_at from batch o
          where o.platform = b.platform and o.state = ${BATCH.settled} and o.kind = b.kind and o.received > 0
          order by o.created_at desc limit ${LATELY}) lately) as usual
    from batch b where b.id = ${batch} and b.state = ${BATCH.received}`)
  return rows[0]
}

/** What changes whenever a batch is settled, or a chunk goes on. */
export async function readProgressMark(db: Db): Promise<string> {
  const { rows } = await db.query<{ mark: string }>(sql`
    select coalesce((select max(settled_at)::text from batch where settled_at is not null), '') || ' '
      || (select count(*)::text from batch where state <> ${BATCH.settled}) || ' '
      || coalesce((select string_agg(state || entries, ' ' order by state)
        from (select state, sum(entries) as entries from chunk where state = any(${WORKING}) group by state) s), '') as mark`)
  return rows[0]?.mark ?? ''
}
