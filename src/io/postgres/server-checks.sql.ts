import type { Db } from './postgres.ts'
import { SESSION } from './session.ts'
import { sql } from './sql.ts'

/** What a PostgreSQL server says of itself, as far as our promises hang on it. */
export type ServerFacts = {
  fsync: string
  fullPageWrites: string
  synchronousCommit: string
  encoding: string
  recovering: boolean
  superuser: boolean
  bypassesRls: boolean
  /** Milliseconds since 1970 by the server's clock. */
  now: number
  freeConnections: number
}

export async function selectServerFacts(db: Db): Promise<ServerFacts> {
  const { rows } = await db.query<ServerFacts>(sql`
    select current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit", current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as recovering, rolsuper as superuser, rolbypassrls as "bypassesRls",
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
        - (select count(*) from pg_stat_activity where backend_type = 'client backend')::integer as "freeConnections"
    from pg_roles where rolname = current_user`)
  return rows[0] as ServerFacts
}

/** What this session runs under, of the settings that we ask for; names in lower case. */
export async function selectSession(db: Db): Promise<Record<string, string>> {
  const names = [...Object.keys(SESSION), 'transaction_timeout', 'idle_in_transaction_session_timeout']
  const { rows } = await db.query<{ name: string; setting: string }>(sql`
    select lower(name) as name, setting from pg_settings where name = any(${names}::text[])`)
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

/** The newest of our migrations that this database has; undefined when it has none. */
export async function selectSchemaVersion(db: Db): Promise<string | undefined> {
  const { rows } = await db.query<{ table: string | null }>(sql`select to_regclass('migration') as table`)
  if (!rows[0]?.table) return undefined
  const { rows: newest } = await db.query<{ name: string }>(sql`
    select name from migration order by name desc limit 1`)
  return newest[0]?.name
}
