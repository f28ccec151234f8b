import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** How much is kept of a dataset of a platform, since when, and what was taken out because it was kept long enough. */
export type KeptDataset = {
  platform: string
  dataset: string
  records: number
  /** When the push was received that states the oldest of them as it is. */
  oldest: Date | null
  expired: number
}

/** Counts every record; of a nation that takes seconds. They are counted by batch before anything is joined: few rows leave their servers. */
export async function selectKept(db: Db): Promise<KeptDataset[]> {
  const { rows } = await db.query<KeptDataset>(sql`
    with pushed as materialized (
      select platform, dataset, batch, count(*) as records from source_record group by platform, dataset, batch),
    kept as (
      select p.platform, p.dataset, sum(p.records)::integer as records, min(b.received_at) as oldest
      from pushed p join batch b on b.id = p.batch group by p.platform, p.dataset),
    gone as (
      select w.platform, w.dataset, sum(c.updated)::integer as expired
      from withdrawal w join chunk c on c.batch = w.batch where w.reason = 'retention' group by w.platform, w.dataset)
    select platform, dataset, coalesce(records, 0) as records, oldest, coalesce(expired, 0) as expired
    from kept full join gone using (platform, dataset) order by platform, dataset`)
  return rows
}
