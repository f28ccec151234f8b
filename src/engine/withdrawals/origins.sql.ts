import type { BatchId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Under which agreement a batch was pushed, and when it was received. */
export type BatchOrigin = { id: BatchId; agreement: string; receivedAt: Date }

/** The origins of some batches. */
export async function readOrigins(db: Db, batches: readonly BatchId[]): Promise<BatchOrigin[]> {
  const { rows } = await db.query<BatchOrigin>(sql`
    select id, agreement, coalesce(received_at, created_at) as "receivedAt" from batch where id = any(${batches}::text[])`)
  return rows
}
