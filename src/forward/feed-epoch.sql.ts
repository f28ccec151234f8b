import type { PoolClient } from 'pg'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** The epoch of the feed: 12 hexadecimal digits, drawn anew when the database was restored to an older copy. */
export async function feedEpoch(db: Db): Promise<string> {
  const { rows } = await db.query<{ epoch: string }>(sql`select epoch from feed`)
  return rows[0]?.epoch ?? ''
}

/**
 * Draws a new epoch: every cursor given so far is refused from now on. What the receiver took since the last delivery that is
 * known here is to be asked for; an hour more than that, as its clock and the order of commits are its own.
 */
export async function renewFeed(tx: PoolClient): Promise<string> {
  const { rows } = await tx.query<{ epoch: string }>(sql`
    update feed set epoch = right(replace(gen_random_uuid()::text, '-', ''), 12), renewed_at = clock_timestamp(), lost_after = '',
      restored = true, lost_withdrawn = 0, lost_older = 0, lost_offered = true,
      lost_since = coalesce((select max(composed_at) from delivery), to_timestamp(0)) - interval '1 hour'
    returning epoch`)
  return rows[0]?.epoch ?? ''
}

/** From when on the receiver is still to be asked what it took, and after which subject; undefined when there is nothing to ask. */
export async function findLost(db: Db): Promise<{ since: Date; after: string } | undefined> {
  const { rows } = await db.query<{ since: Date; after: string }>(sql`
    select lost_since as since, lost_after as after from feed where lost_since is not null`)
  return rows[0]
}

/** Notes how far the receiver was asked (undefined: to the end), and what it said: nothing, where it does not offer to say. */
export async function noteLost(
  tx: PoolClient,
  after: string | undefined,
  found: { withdrawn: number; older: number } | undefined,
): Promise<void> {
  await tx.query(sql`
    update feed set lost_after = ${after ?? ''}, lost_since = case when ${after === undefined} then null else lost_since end,
      lost_withdrawn = lost_withdrawn + ${found?.withdrawn ?? 0}, lost_older = lost_older + ${found?.older ?? 0},
      lost_offered = lost_offered and ${found !== undefined}`)
}
