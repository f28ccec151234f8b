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

/** How far the feed and the audit log of this database go, with what is committed; both only ever go on. */
export type DatabaseEnd = { epoch: string; position: number; sequence: number; hash: string }

export async function selectDatabaseEnd(db: Db): Promise<DatabaseEnd> {
  const { rows } = await db.query<DatabaseEnd>(sql`
    select epoch, coalesce((select max(position) from delivery), 0)::float8 as position,
      coalesce(a.sequence, 0)::float8 as sequence, coalesce(encode(a.hash, 'hex'), '') as hash
    from feed left join (select sequence, hash from audit order by sequence desc limit 1) a on true`)
  return rows[0] as DatabaseEnd
}

/** The hash of one row of the audit log; undefined when there is none. */
export async function selectAuditHash(db: Db, sequence: number): Promise<string | undefined> {
  const { rows } = await db.query<{ hash: string }>(sql`
    select encode(hash, 'hex') as hash from audit where sequence = ${sequence}`)
  return rows[0]?.hash
}
