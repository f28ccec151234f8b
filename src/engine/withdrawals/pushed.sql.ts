import type { BatchId } from '../../domain/ids.ts'
import { BATCH, type BatchKind, type BatchState } from '../../domain/states.ts'
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

/** When each of some platforms last began to push what was then received; one that never did is left out. */
export async function lastPushes(db: Db, platforms: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ platform: string; at: Date }>(sql`
    select p.platform, last.at from unnest(${platforms}::text[]) as p (platform)
    cross join lateral (
      select created_at as at from batch b
      where b.platform = p.platform and b.kind = 'push' and b.state <> ${BATCH.receiving}
      order by created_at desc limit 1) as last`)
  return new Map(rows.map(({ platform, at }) => [platform, at]))
}
