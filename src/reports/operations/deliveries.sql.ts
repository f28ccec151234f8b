import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Backlog, DeliveryFilter, Destination, ListedDelivery } from './delivery-figures.ts'

/** A page of deliveries, the newest first; those after an id when it is given. */
export async function selectDeliveries(
  db: Db,
  filter: DeliveryFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<ListedDelivery[]> {
  const { rows } = await db.query<ListedDelivery>(sql`
    select d.id, d.batch, d.platform, d.position, d.status, d.records, d.attempts, d.last_answer as "lastAnswer",
      d.composed_at as "composedAt", d.acknowledged_at as "acknowledgedAt",
      case when d.state = 'composed' and c.lease_until is null then c.due_at end as "dueAt"
    from delivery d left join chunk c on c.id = d.chunk
    where (${after}::text is null or d.id < ${after})
      and case ${filter}::text when 'open' then d.state = 'composed' when 'all' then true else d.status = ${filter} end
    order by d.id desc limit ${limit}`)
  return rows
}

/** Every destination that ever failed or was left alone. */
export async function selectDestinations(db: Db): Promise<Destination[]> {
  const { rows } = await db.query<Destination>(sql`
    select name, failures, open_until as "openUntil" from destination order by name`)
  return rows
}

/** What waits for BPS, and how long it usually takes. */
export async function selectBacklog(db: Db): Promise<Backlog> {
  const { rows } = await db.query<Backlog>(sql`
    select open, entries, "oldestAt", last.at as "lastAcknowledgedAt", last.seconds as "usualSeconds"
    from (
      select count(*)::integer as open, coalesce(sum(entries), 0)::integer as entries,
        min(coalesce(resent_at, composed_at)) as "oldestAt"
      from delivery where state = 'composed') waiting
    cross join (
      select max(acknowledged_at) as at,
        percentile_cont(0.5) within group (order by extract(epoch from acknowledged_at - composed_at))::float8 as seconds
      from (
        select acknowledged_at, composed_at from delivery
        where state = 'acknowledged' and position is not null order by position desc limit 100) latest) last`)
  return rows[0] as Backlog
}

/** Records of an acknowledged delivery that BPS would not take: the subject, and its code. */
export async function selectRefused(
  db: Db,
  delivery: string,
  limit: number,
): Promise<{ subject: string; code: string }[]> {
  const { rows } = await db.query<{ subject: string; code: string }>(sql`
    select r ->> 'subject' as subject, r ->> 'code' as code
    from delivery, jsonb_array_elements(coalesce(receipt -> 'refused', '[]')) r
    where id = ${delivery} limit ${limit}`)
  return rows
}
