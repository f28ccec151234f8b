import type { PoolClient } from 'pg'
import type { Figures } from '../io/observe/figures.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** The figures as they were counted last, with their age; undefined before the first time. */
export async function selectCounted(db: Db): Promise<Figures | undefined> {
  const { rows } = await db.query<{ figures: Figures; age: number }>(sql`
    select figures, greatest(extract(epoch from clock_timestamp() - counted_at), 0)::float8 as age from figures`)
  const row = rows[0]
  return row && { ...row.figures, age: row.age }
}

/** Keeps the figures in place of those before. */
export async function saveCounted(db: Db, figures: Figures): Promise<void> {
  await db.query(sql`
    insert into figures (counted_at, figures) values (clock_timestamp(), ${JSON.stringify(figures)}::jsonb)
    on conflict (whole) do update set counted_at = excluded.counted_at, figures = excluded.figures`)
}

/** Lets one process count at a time, until its transaction ends; false when another one counts. */
export async function tryLockFigures(tx: PoolClient): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('titian figures')) as mine`,
  )
  return rows[0]?.mine === true
}
