import type { PoolClient } from 'pg'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** The epoch of the feed: 12 hexadecimal digits, drawn anew when the database was restored to an older copy. */
export async function feedEpoch(db: Db): Promise<string> {
  const { rows } = await db.query<{ epoch: string }>(sql`select epoch from feed`)
  return rows[0]?.epoch ?? ''
}

/** Draws a new epoch: every cursor given so far is refused from now on. */
export async function renewFeed(tx: PoolClient): Promise<string> {
  const { rows } = await tx.query<{ epoch: string }>(sql`
    update feed set epoch = right(replace(gen_random_uuid()::text, '-', ''), 12), renewed_at = clock_timestamp()
    returning epoch`)
  return rows[0]?.epoch ?? ''
}
