import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

const LOCK_NOT_AVAILABLE = '55P03'

/** Under which key indexes are made, and to which one rows are being moved, if they are. */
export type IndexKeyState = { version: number; movingTo: number | null; since: Date }

export async function readIndexKey(db: Db): Promise<IndexKeyState> {
  const { rows } = await db.query<IndexKeyState>(sql`
    select version, moving_to as "movingTo", since from index_key`)
  return rows[0] ?? { version: 1, movingTo: null, since: new Date(0) }
}

/** Until the transaction ends no rotation begins: who writes indexes, or copies them, holds this before the lock over subjects. */
export async function shareIndexes(tx: PoolClient): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock_shared(hashtext('titian index keys'))`)
}

/** Waits for whoever writes indexes, for some seconds at most; false where they go on for longer, and then the transaction is broken. */
export async function lockIndexes(tx: PoolClient, seconds: number): Promise<boolean> {
  await tx.query(sql`select set_config('lock_timeout', ${`${seconds}s`}, true)`)
  try {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian index keys'))`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}
