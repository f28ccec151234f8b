import type { DeliveryId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** What can be told of a day: whether it is over, whether anything was told since, what is past retention, how much there is. */
export type SnapshotDay = {
  isAhead: boolean
  isToday: boolean
  hasLater: boolean
  hasGaps: boolean
  records: number
  /** The last position of the feed that belongs to it. */
  position: string
}

/** Looks at a day by the clocks of Jakarta, ISO. */
export async function readSnapshotDay(db: Db, date: string): Promise<SnapshotDay> {
  const { rows } = await db.query<SnapshotDay>(sql`
    with day as (
      select ${date}::date as date, (now() at time zone 'Asia/Jakarta')::date as today,
        (${date}::date + 1)::timestamp at time zone 'Asia/Jakarta' as ending)
    select date > today as "isAhead", date = today as "isToday",
      exists (select from delivery where composed_at >= ending) as "hasLater",
      exists (select from delivery where composed_at < ending and payload is null) as "hasGaps",
      (select coalesce(sum(records), 0)::float8 from delivery where composed_at < ending) as records,
      (select coalesce(max(position), 0) from delivery where composed_at < ending and chain is not null) as position
    from day`)
  const [day] = rows
  if (day === undefined) throw new Error('a day has no row')
  return day
}

/** The newest delivery before a position that was composed until the end of a day. */
export async function deliveryBefore(
  db: Db,
  position: string | null,
  date: string,
): Promise<{ id: DeliveryId; platform: string; position: string } | undefined> {
  const { rows } = await db.query<{ id: DeliveryId; platform: string; position: string }>(sql`
    select id, platform, position from delivery
    where (${position}::bigint is null or position < ${position}::bigint) and position is not null
      and composed_at < (${date}::date + 1)::timestamp at time zone 'Asia/Jakarta'
    order by position desc limit 1`)
  return rows[0]
}
