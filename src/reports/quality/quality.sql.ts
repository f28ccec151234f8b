import { BATCH } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { PushQuality } from './quality.ts'

/** The last settled pushes of a platform, so many of each dataset, the oldest first. */
export async function selectPushQuality(db: Db, platform: string, each: number): Promise<PushQuality[]> {
  const { rows } = await db.query<PushQuality>(sql`
    with shown as (
      select id, dataset, received_at, received, receipt_order, row_number() over (partition by dataset order by receipt_order desc) as place
      from batch where platform = ${platform} and kind = 'push' and state = ${BATCH.settled} and received > 0 and aborted_at is null
    ), counted as (
      select s.id, sum(c.new + c.updated + c.unchanged)::int as accepted, sum(c.held)::int as held, sum(c.rejected)::int as rejected
      from shown s join chunk c on c.batch = s.id where s.place <= ${each} group by s.id
    ), found as (
      select id, jsonb_object_agg(code, findings) as codes from (
        select s.id, one.key as code, sum(one.value::int)::int as findings
        from shown s join chunk c on c.batch = s.id join report r on r.chunk = c.id cross join jsonb_each_text(r.counts) one
        where s.place <= ${each} group by s.id, one.key) summed
      group by id
    )
    select s.id as batch, s.dataset, s.received_at as "receivedAt", s.received, n.accepted, n.held, n.rejected,
      coalesce(f.codes, '{}') as codes
    from shown s join counted n on n.id = s.id left join found f on f.id = s.id
    where s.place <= ${each} order by s.dataset, s.receipt_order`)
  return rows
}
