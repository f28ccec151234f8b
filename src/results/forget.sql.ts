import type { PoolClient } from 'pg'
import type { SubjectId } from '../domain/ids.ts'
import { sql } from '../io/postgres/sql.ts'

/** Destroys what results say of subjects that are erased; that there was a result stays, and how it counted. */
export async function forgetResults(tx: PoolClient, subjects: readonly SubjectId[]): Promise<number> {
  const { rowCount } = await tx.query(sql`
    update subject_result set sealed = null, reason = null, region = null
    where subject = any(${subjects}::text[]) and (sealed is not null or reason is not null or region is not null)`)
  await tx.query(sql`delete from result_notice where subject = any(${subjects}::text[])`)
  return rowCount ?? 0
}
