import type { ClientBase } from 'pg'
import type { Db } from '../../postgres/postgres.ts'
import { sql } from '../../postgres/sql.ts'

/** Whether this server takes writes: a primary, not set read-only. Writes nothing. */
export async function canWrite(db: Db | ClientBase): Promise<boolean> {
  const { rows } = await db.query<{ writable: boolean }>(sql`
    select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable`)
  return rows[0]?.writable === true
}
