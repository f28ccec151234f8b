import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Delivery } from '../delivery.sql.ts'
import type { FeedItem } from '../feed.ts'

/** Which deliveries of the feed are wanted; what is absent does not filter. */
export type FeedFilter = {
  platform?: string | undefined
  /** BPS code of a province (2 digits), regency (4) or district (7). */
  region?: string | undefined
  state?: Delivery['state'] | undefined
  /** First and last day on which it was composed, ISO, by the clocks of Jakarta. */
  from?: string | undefined
  to?: string | undefined
}

/** Columns of a `FeedItem` of the table `delivery as d`. */
export const FEED_COLUMNS = `d.position, d.manifest, d.state, d.acknowledged_at as "acknowledgedAt", d.chain,
  (select p.digest from delivery p where p.position < d.position order by p.position desc limit 1) as previous`

/**
 * The deliveries after a position that a filter lets through, in the order of the feed. With them the position that was looked at so
 * far: that of the last one where the page is full, else the end of the feed as this reading saw it.
 */
export async function feedAfter(
  db: Db,
  position: string,
  limit: number,
  filter: FeedFilter = {},
): Promise<{ items: FeedItem[]; seen: string }> {
  const { platform = null, region = null, state = null, from = null, to = null } = filter
  // One statement, so that the end of the feed is that of the same moment as the page.
  const { rows } = await db.query<FeedItem & { end: string }>(
    `with ending as materialized (select coalesce(max(position), 0) as position from delivery where chain is not null),
     page as (
       select ${FEED_COLUMNS} from delivery d
       where d.position > $1 and d.chain is not null
         and ($3::text is null or d.platform = $3)
         and ($4::text is null or d.regions is null or d.regions @> array[$4::text])
         and ($5::text is null or d.state = $5)
         and ($6::date is null or d.composed_at >= $6::date::timestamp at time zone 'Asia/Jakarta')
         and ($7::date is null or d.composed_at < ($7::date + 1)::timestamp at time zone 'Asia/Jakarta')
       order by d.position limit $2)
     select page.*, ending.position as "end" from ending left join page on true order by page.position`,
    [position, limit, platform, region, state, from, to],
  )
  const end = rows[0]?.end ?? '0'
  const items = rows.filter(({ position: at }) => at !== null).map(({ end: _, ...item }) => item)
  const last = items.at(-1)?.position ?? position
  return { items, seen: items.length === limit || BigInt(end) < BigInt(last) ? last : end }
}

/** A text that is another whenever the feed has grown, or the oldest open deliveries or their leases have changed. */
export async function pullState(db: Db): Promise<string> {
  const { rows } = await db.query<{ state: string }>(sql`
    select concat_ws(' ',
      (select max(position) from delivery where chain is not null),
      (select string_agg(concat(position, lease, lease_until > now()), ',' order by position)
       from (select position, lease, lease_until from delivery
         where state = 'composed' and position is not null order by position limit 64) as oldest)) as state`)
  return rows[0]?.state ?? ''
}
