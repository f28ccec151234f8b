import type { BatchId } from '../../domain/ids.ts'
import type { BatchKind, BatchState } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** What is asked of a batch before it is aborted or withdrawn. */
export type PushedBatch = {
  platform: string
  dataset: string
  kind: BatchKind
  state: BatchState
  receiptOrder: string
  isAborted: boolean
}

/** A batch by its id; undefined when there is none. */
export async function readPushed(db: Db, batch: BatchId): Promise<PushedBatch | undefined> {
  const { rows } = await db.query<PushedBatch>(sql`
    select platform, dataset, kind, state, receipt_order as "receiptOrder", aborted_at is not null as "isAborted"
    from batch where id = ${batch}`)
  return rows[0]
}
