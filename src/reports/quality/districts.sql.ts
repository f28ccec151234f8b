import { BATCH } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { CountedDistrict } from './districts.ts'

/** The districts of a platform's newest settled push of each dataset, added up; and how many entries these pushes had. */
export async function selectDistricts(
  db: Db,
  platform: string,
): Promise<{ received: number; districts: CountedDistrict[] }> {
  const { rows } = await db.query<{ received: number; districts: CountedDistrict[] | null }>(sql`
    with newest as (
      select distinct on (dataset) id, received from batch
      where platform = ${platform} and kind = 'push' and state = ${BATCH.settled} and received > 0 and aborted_at is null
      order by dataset, receipt_order desc
    ), counted as (
      select d.key as district, sum((d.value ->> 0)::integer)::integer as entries, sum((d.value ->> 1)::integer)::integer as found
      from newest n join chunk c on c.batch = n.id join report r on r.chunk = c.id and r.signs is not null
      cross join jsonb_each(coalesce(r.signs -> 'districts', '{}')) d
      group by d.key
    )
    select (select coalesce(sum(received), 0)::integer from newest) as received,
      (select jsonb_agg(jsonb_build_object('district', district, 'entries', entries, 'found', found) order by district) from counted) as districts`)
  return { received: rows[0]?.received ?? 0, districts: rows[0]?.districts ?? [] }
}
