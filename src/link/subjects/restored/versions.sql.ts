import type { PoolClient } from 'pg'
import { sql } from '../../../io/postgres/sql.ts'

// More than one subject is told of between two backups, by far; integers hold two million restores.
const STEP = 1000

/**
 * Lets the versions of all subjects that BPS was told of go on far above the present ones: an older copy of the database does not
 * know which were told since, and the receiver ignores what is not higher. Returns how many.
 */
export async function raiseVersions(tx: PoolClient): Promise<number> {
  const { rowCount } = await tx.query(sql`update subject set version = version + ${STEP} where version > 0`)
  return rowCount ?? 0
}
