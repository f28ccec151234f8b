import type { PoolClient } from 'pg'
import { selectTableForm } from '../../io/postgres/distribute.sql.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

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
  // Of a distributed table the coordinator knows nothing: its parts do.
  const isDistributed = (await selectTableForm(db)) === 'distributed'
  const { rows } = await db.query<{ records: number }>(isDistributed ? RECORDS_OF_SHARDS : RECORDS)
  return rows[0]?.records ?? 0
}

const RECORDS = `
  select greatest(reltuples, 0)::float8 as records from pg_class where oid = 'source_record'::regclass`

const RECORDS_OF_SHARDS = `
  select coalesce(sum(greatest(result::float8, 0)), 0) as records
  from run_command_on_shards('source_record', $shard$ select reltuples from pg_class where oid = '%s'::regclass $shard$)`
