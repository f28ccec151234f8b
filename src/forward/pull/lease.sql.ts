import type { PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { DeliveryId } from '../../domain/ids.ts'
import { openWithdrawals } from '../../engine/withdrawals/order.sql.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { FeedItem } from '../feed.ts'
import { hashesIn } from '../touched.ts'
import { eligible } from './eligible.ts'
import { FEED_COLUMNS } from './feed.sql.ts'

/** How many of the oldest open deliveries are looked at for a lease. */
const WINDOW = 64

export type Lease = { lease: string; by: string; seconds: number }
export type LeasedItem = FeedItem & { id: DeliveryId; until: Date }

/**
 * Takes up to `most` deliveries on a lease, the oldest that may be given, in the order of the feed. After `seconds` they may be given
 * to somebody else. One lease is taken at a time; the clock is the database's. What platforms `without` an agreement in force have
 * pushed is passed over: a line that comes later than a newer one of its subject is known by its version.
 */
export async function takeLease(
  tx: PoolClient,
  { lease, by, seconds }: Lease,
  most: number,
  without: readonly string[] = [],
): Promise<LeasedItem[]> {
  const takingBack = without.length === 0 ? [] : await openWithdrawals(tx, without)
  // A statement of its own: the next one must see what the one before us took.
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian delivery lease'))`)
  type Row = FeedItem & { id: DeliveryId; isLeased: boolean; subjects: Buffer | null }
  const { rows } = await tx.query<Row>(
    `select d.id, coalesce(d.lease_until > now(), false) as "isLeased", d.subjects, ${FEED_COLUMNS}
     from delivery d where d.state = 'composed' and d.position is not null and d.chain is not null
       and (d.platform <> all ($1::text[]) or d.batch = any ($2::text[]))
     order by d.position limit ${WINDOW}`,
    [without, takingBack],
  )
  const open = rows.map(({ subjects, ...row }) => ({ ...row, hashes: hashesIn(subjects) }))
  const given = eligible(open, most)
  if (given.length === 0) return []
  const { rows: taken } = await tx.query<{ id: DeliveryId; until: Date }>(sql`
    update delivery set lease = ${lease}, leased_by = ${by}, lease_until = now() + make_interval(secs => ${seconds})
    where id = any (${given.map(({ id }) => id)}::text[]) and state = 'composed'
    returning id, lease_until as until`)
  const until = new Map(taken.map((row) => [row.id, row.until]))
  return given.flatMap(({ isLeased: _, hashes: __, ...item }) => {
    const end = until.get(item.id)
    return end === undefined ? [] : [{ ...item, until: end }]
  })
}

/** Gives a lease on one delivery new seconds from now, or with 0 gives it back; throws `lease-lost` when somebody else has it. */
export async function extendLease(
  tx: PoolClient,
  id: DeliveryId,
  { lease, seconds }: Pick<Lease, 'lease' | 'seconds'>,
): Promise<Date | null> {
  const { rows } = await tx.query<{ until: Date | null }>(sql`
    update delivery set
      lease = case when ${seconds}::integer > 0 then lease end,
      leased_by = case when ${seconds}::integer > 0 then leased_by end,
      lease_until = case when ${seconds}::integer > 0 then now() + make_interval(secs => ${seconds}::integer) end
    where id = ${id} and lease = ${lease} and state = 'composed'
    returning lease_until as until`)
  const [row] = rows
  if (row === undefined) throw new TitianError('lease-lost')
  return row.until
}

/**
 * Lets an acknowledgement pass, or throws: `lease-lost` when it names a lease that is not the last one, `delivery-leased` when it
 * names none although somebody has one. A lease that ran out is good as long as nobody took another. Locks the row.
 */
export async function requireLease(tx: PoolClient, id: DeliveryId, lease: string | undefined): Promise<void> {
  const { rows } = await tx.query<{ lease: string | null; isLive: boolean; state: string }>(sql`
    select lease, coalesce(lease_until > now(), false) as "isLive", state from delivery where id = ${id} for update`)
  const [row] = rows
  if (lease !== undefined && row?.lease !== lease) throw new TitianError('lease-lost')
  if (lease === undefined && row?.isLive && row.state === 'composed') throw new TitianError('delivery-leased')
}
