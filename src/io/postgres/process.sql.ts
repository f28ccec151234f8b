import type { ClientBase } from 'pg'
import type { Db } from './postgres.ts'
import { sql } from './sql.ts'

/** A gateway or worker that runs; `schema` is the newest migration that its code knows, `indexKey` the newest index key that it has. */
export type RunningProcess = { id: string; kind: string; schema: string; indexKey?: () => number }

/** Whether this database has the table of processes yet. */
export async function hasProcesses(db: Db | ClientBase): Promise<boolean> {
  const { rows } = await db.query<{ table: string | null }>(sql`select to_regclass('running_code') as table`)
  return rows[0]?.table != null
}

/** Notes that a process runs, by the database's clock, and forgets those that were not seen for a day. */
export async function noteProcess(db: Db, { id, kind, schema, indexKey }: RunningProcess): Promise<void> {
  await db.query(sql`
    with gone as (delete from running_code where seen_at < now() - interval '1 day')
    insert into running_code (id, kind, schema, index_key) values (${id}, ${kind}, ${schema}, ${indexKey?.() ?? null})
    on conflict (id) do update set seen_at = now(), index_key = excluded.index_key`)
}

export async function forgetProcess(db: Db, id: string): Promise<void> {
  await db.query(sql`delete from running_code where id = ${id}`)
}

/** How many processes were seen in the last seconds whose code does not know a migration, by their kind. */
export async function countOlder(
  db: ClientBase,
  migration: string,
  seconds: number,
): Promise<{ kind: string; count: number }[]> {
  const { rows } = await db.query<{ kind: string; count: number }>(sql`
    select kind, count(*)::integer as count from running_code
    where schema < ${migration} collate "C" and seen_at > now() - make_interval(secs => ${seconds})
    group by kind order by kind`)
  return rows
}

/** How many processes were seen in the last seconds, by their kind. */
export async function countRunning(db: ClientBase, seconds: number): Promise<{ kind: string; count: number }[]> {
  const { rows } = await db.query<{ kind: string; count: number }>(sql`
    select kind, count(*)::integer as count from running_code
    where seen_at > now() - make_interval(secs => ${seconds}) group by kind order by kind`)
  return rows
}

/** How many processes were seen in the last seconds that do not have an index key yet. */
export async function countWithoutIndexKey(db: Db, indexKey: number, seconds: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*)::integer as count from running_code
    where coalesce(index_key, 1) < ${indexKey} and seen_at > now() - make_interval(secs => ${seconds})`)
  return rows[0]?.count ?? 0
}

/** The newest breaking migration that this database has, as `titian migrate` noted it; undefined when it noted none. */
export async function selectBreaking(db: Db): Promise<string | undefined> {
  const { rows } = await db.query<{ note: string | null }>(sql`
    select obj_description(to_regclass('migration'), 'pg_class') as note`)
  return /^breaking: (\S+)$/.exec(rows[0]?.note ?? '')?.[1]
}

/** Notes beside the list of migrations which of them code must know to live with these tables; for the owner of the tables. */
export async function noteBreaking(db: ClientBase, migration: string): Promise<void> {
  // A comment takes no parameter. The name is a file's of ours.
  await db.query(`comment on table migration is 'breaking: ${migration.replaceAll("'", "''")}'`)
}
