import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'

/** How many records the registry was last seen to hold, in powers of two (`stepOf`). */
export async function readSize(db: Db): Promise<number> {
  const { rows } = await db.query<{ records: number }>(sql`
    select records::float8 as records from subjects_state`)
  return rows[0]?.records ?? 0
}

export async function saveSize(tx: PoolClient, records: number): Promise<void> {
  await tx.query(sql`update subjects_state set records = ${records}`)
}

/** How many source records PostgreSQL takes there to be, of families too; 0 while it has not looked yet. Counting millions takes minutes. */
export async function estimateRecords(db: Db): Promise<number> {
  const whole = sql`
    select greatest(reltuples, 0)::float8 as records from pg_class where oid = 'source_record'::regclass`
  const distributed = () => sql`
    select coalesce(sum(greatest(result::float8, 0)), 0) as records
    from run_command_on_shards('source_record', $shard$ select reltuples from pg_class where oid = '%s'::regclass $shard$)`
  const { rows } = await db.query<{ records: number }>(either(whole, distributed))
  return rows[0]?.records ?? 0
}
