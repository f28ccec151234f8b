import type { ClientBase, Pool } from 'pg'
import { sql } from './sql.ts'
import type { TableForm } from './table-form.ts'

/**
 * The tables that grow with the nation, each with the column that it is spread by, and the table whose shards it lies beside. All
 * others stay on the coordinator. No statement changes these columns.
 */
export const DISTRIBUTED_TABLES = [
  { table: 'source_record', by: 'key_index' },
  { table: 'key_conflict', by: 'key_index', beside: 'source_record' },
  { table: 'identifier', by: 'index', beside: 'source_record' },
  { table: 'subject', by: 'id' },
  { table: 'blocking', by: 'key' },
  { table: 'entry', by: 'batch' },
] as const satisfies readonly { table: string; by: string; beside?: string }[]

/** Keys from a distributed table into one of the coordinator, which Citus does not take. What they guard against is never done. */
const FOREIGN_KEYS = [{ table: 'entry', constraint: 'entry_batch_fkey' }] as const

const NAMES = DISTRIBUTED_TABLES.map(({ table }) => table).join('|')
const ON_WORKERS = new RegExp(
  String.raw`\b(from|join|into|update|using)\s+(public\.)?(${NAMES}|run_command_on_workers)\b`,
  'i',
)

/** Whether a statement reaches the workers of Citus, where tables are distributed. */
export function reachesWorkers(text: string): boolean {
  return ON_WORKERS.test(text)
}

/** How a database's tables lie now. */
export async function selectTableForm(db: ClientBase | Pool): Promise<TableForm> {
  const spread = await selectDistributed(db)
  return spread.length === 0 ? 'whole' : 'distributed'
}

/** Our tables that are distributed; none where Citus is missing. */
export async function selectDistributed(db: ClientBase | Pool): Promise<string[]> {
  const { rows: found } = await db.query<{ catalogue: string | null }>(sql`
    select to_regclass('pg_catalog.pg_dist_partition') as catalogue`)
  if (!found[0]?.catalogue) return []
  const { rows } = await db.query<{ name: string }>(sql`
    select c.relname as name from pg_catalog.pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
    where c.relnamespace = 'public'::regnamespace and p.partmethod = 'h' order by 1`)
  return rows.map(({ name }) => name)
}

/** Lets a migration change distributed tables and make functions in one transaction, which Citus takes of one shard after the other alone. */
export async function takeShardsInTurn(db: ClientBase): Promise<void> {
  await db.query(`set citus.multi_shard_modify_mode = 'sequential'`)
}

/** The workers that take shards; undefined where the database has no extension Citus. */
export async function countWorkers(db: ClientBase): Promise<number | undefined> {
  const { rows: found } = await db.query(sql`select from pg_extension where extname = 'citus'`)
  if (found.length === 0) return undefined
  const { rows } = await db.query<{ workers: number }>(sql`
    select count(*)::integer as workers from pg_catalog.pg_dist_node where isactive and shouldhaveshards`)
  return rows[0]?.workers ?? 0
}

/**
 * Spreads a table with the rows that it has, and gives back the room that they took here. Without row security: its role does not
 * reach the workers, and Citus takes no policy that reads a table of the coordinator.
 */
export async function distributeTable(
  db: ClientBase,
  { table, by, beside }: { table: string; by: string; beside?: string },
): Promise<void> {
  for (const key of FOREIGN_KEYS)
    if (key.table === table) await db.query(`alter table ${table} drop constraint if exists ${key.constraint}`)
  await takeWallDown(db, table)
  await db.query(sql`
    select create_distributed_table(${table}::regclass, ${by}, colocate_with => ${beside ?? 'none'})`)
  await db.query(sql`select truncate_local_data_after_distributing_table(${table}::regclass)`)
}

async function takeWallDown(db: ClientBase, table: string): Promise<void> {
  const { rows } = await db.query<{ policy: string }>(sql`
    select polname as policy from pg_policy where polrelid = ${table}::regclass`)
  for (const { policy } of rows) await db.query(`drop policy ${policy} on ${table}`)
  await db.query(`alter table ${table} disable row level security`)
}
