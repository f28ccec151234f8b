import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Takes subjects that are erased off every list of candidates; the sums of the lists stay as they were made. */
export async function forgetVerdicts(tx: PoolClient, subjects: readonly SubjectId[]): Promise<number> {
  const { rowCount } = await tx.query(sql`delete from programme_verdict where subject = any(${subjects}::text[])`)
  return rowCount ?? 0
}
