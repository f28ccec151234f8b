import type { Durations } from '../../io/observe/figures.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

// The newest so many say enough; the work stays bounded under any load.
const MOST = 10_000

type Row = { count: number; quantiles: number[] | null }

/** How long pushes took from receipt, or from their last release, to settled, of those that settled within the last hour. */
export async function selectSettling(db: Db): Promise<Durations> {
  const { rows } = await db.query<Row>(sql`
    select count(*)::integer as count, percentile_cont(array[0.5, 0.95, 1]) within group (order by seconds) as quantiles
    from (
      select extract(epoch from settled_at - coalesce(r.at, received_at))::float8 as seconds from batch
      left join lateral (select max(at) as at from release where release.batch = batch.id and at < settled_at) r on true
      where settled_at > now() - interval '1 hour' and kind = 'push' order by settled_at desc limit ${MOST}) b`)
  return durationsOf(rows[0])
}

/** How long deliveries took from composing to the receiver's receipt, of those acknowledged within the last hour. */
export async function selectDelivering(db: Db): Promise<Durations> {
  const { rows } = await db.query<Row>(sql`
    select count(*)::integer as count, percentile_cont(array[0.5, 0.95, 1]) within group (order by seconds) as quantiles
    from (
      select extract(epoch from acknowledged_at - coalesce(resent_at, composed_at))::float8 as seconds from delivery
      where acknowledged_at > now() - interval '1 hour' and payload is not null
      order by acknowledged_at desc limit ${MOST}) d`)
  return durationsOf(rows[0])
}

function durationsOf(row: Row | undefined): Durations {
  const [median = 0, p95 = 0, longest = 0] = row?.quantiles ?? []
  return { count: row?.count ?? 0, median, p95, longest }
}
