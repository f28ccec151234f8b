import type { Db } from './postgres.ts'
import { sql } from './sql.ts'

/** The commits that workers are asked to make and have not made yet, by name; undefined where a worker does not answer. */
export async function selectPrepared(db: Db): Promise<Set<string> | undefined> {
  const { rows } = await db.query<{ success: boolean; result: string }>(sql`
    select success, result from run_command_on_workers($$
      select coalesce(string_agg(gid, ' '), '') from pg_prepared_xacts
      where database = current_database() and gid like 'citus\\_%'$$)`)
  if (rows.some(({ success }) => !success)) return undefined
  return new Set(rows.flatMap(({ result }) => result.split(' ').filter(Boolean)))
}
