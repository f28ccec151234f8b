import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** The version of PostgreSQL, as it names itself. */
export async function selectServerVersion(db: Db): Promise<string> {
  const { rows } = await db.query<{ server_version: string }>(sql`show server_version`)
  return rows[0]?.server_version ?? ''
}

/** The migrations that the database has had, the newest first. */
export async function selectMigrations(db: Db): Promise<{ name: string; appliedAt: Date }[]> {
  const { rows } = await db.query<{ name: string; appliedAt: Date }>(sql`
    select name, run_on at time zone current_setting('TimeZone') as "appliedAt" from migration order by id desc`)
  return rows
}
