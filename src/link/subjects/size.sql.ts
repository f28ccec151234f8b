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

/**
 * How many source records PostgreSQL takes there to be, of families too: counting millions takes minutes. Undefined while it has not
 * looked, as after a restore.
 */
export async function estimateRecords(db: Db): Promise<number | undefined> {
  // Of a distributed table the coordinator knows nothing: its parts do.
  const isDistributed = (await selectTableForm(db)) === 'distributed'
  const { rows } = await db.query<{ records: number | null }>(isDistributed ? RECORDS_OF_SHARDS : RECORDS)
  return rows[0]?.records ?? undefined
}

// Of a table that was never looked at reltuples is -1.
const RECORDS = `
  select nullif(reltuples, -1)::float8 as records from pg_class where oid = 'source_record'::regclass`

const RECORDS_OF_SHARDS = `
  select case when min(result::float8) >= 0 then sum(result::float8) end as records
  from run_command_on_shards('source_record', $shard$ select reltuples from pg_class where oid = '%s'::regclass $shard$)`
