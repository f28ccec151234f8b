import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Pushes } from './pushes.ts'

/** The received pushes of platforms (null: of all), by dataset. */
export async function selectPushes(db: Db, platform: string | null): Promise<Pushes[]> {
  const { rows } = await db.query<Pushes>(sql`
    select platform, dataset, count(*)::int as batches, max(received_at) as "lastAt",
      (array_agg(id order by receipt_order desc))[1] as "lastBatch"
    from batch
    where kind = 'push' and received_at is not null and (${platform}::text is null or platform = ${platform})
    group by platform, dataset order by platform, dataset`)
  return rows
}
