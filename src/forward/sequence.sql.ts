import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const LOCK = 'titian delivery sequencer'
const MOST_AT_ONCE = 1000

/**
 * Gives committed deliveries their positions in the feed and says how many got one. Only one sequencer runs at a time, and a
 * delivery gets its position after its own commit. So whoever has read up to a position never misses one below it. Of those
 * that wait the one composed first comes first: what one delivery builds on has the lower position.
 */
export async function sequenceDeliveries(db: Pool): Promise<number> {
  return inTransaction(db, async (tx) => {
    // A statement of its own: the next one must see what the sequencer before us committed.
    const { rows } = await tx.query<{ ours: boolean }>(sql`
      select pg_try_advisory_xact_lock(hashtext(${LOCK})) as ours`)
    if (rows[0]?.ours !== true) return 0
    const { rowCount } = await tx.query(sql`
      with waiting as materialized (
        select id from delivery where position is null
        order by composed_order nulls first, composed_at, id limit ${MOST_AT_ONCE} for update skip locked
      ), placed as materialized (
        select id, nextval('delivery_position') as position from waiting
      )
      update delivery set position = placed.position from placed where delivery.id = placed.id`)
    await chainDeliveries(tx)
    return rowCount ?? 0
  })
}

/**
 * Carries the chain on over deliveries that have a position and no link yet, in the order of the feed. The first link is over 32
 * zero bytes and its digest.
 */
async function chainDeliveries(tx: PoolClient): Promise<void> {
  const { rowCount } = await tx.query(sql`
    with recursive waiting as materialized (
      select id, digest, row_number() over (order by position) as place
      from (select id, digest, position from delivery
        where chain is null and position is not null order by position limit ${MOST_AT_ONCE}) as w
    ), links (id, place, chain) as (
      select null::text, 0::bigint, coalesce(
        (select chain from delivery where chain is not null order by position desc limit 1),
        decode(repeat('00', 32), 'hex'))
      union all
      select w.id, w.place, sha256(l.chain || w.digest) from links l join waiting w on w.place = l.place + 1
    )
    update delivery set chain = links.chain from links where delivery.id = links.id`)
  // More than once only after an upgrade, when no delivery has a link yet.
  if (rowCount === MOST_AT_ONCE) await chainDeliveries(tx)
}
