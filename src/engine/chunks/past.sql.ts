import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

export type PastBatch = { id: BatchId; platform: string; version: string }
export type PastChunk = { id: ChunkId; version: string; raw: Buffer }

/** The newest received batches of a dataset, the newest first. */
export async function newestBatches(db: Db, dataset: string, count: number): Promise<PastBatch[]> {
  const { rows } = await db.query<PastBatch>(sql`
    select id, platform, dataset_version as version from batch
    where dataset = ${dataset} and state <> ${BATCH.receiving}
    order by receipt_order desc limit ${count}`)
  return rows
}

/** The next kept chunk of a batch after a line, sealed, and the version it was cut for; undefined after the last one. */
export async function nextRawChunk(
  db: Db,
  batch: BatchId,
  after: number,
): Promise<(PastChunk & { line: number }) | undefined> {
  const { rows } = await db.query<PastChunk & { line: number }>(sql`
    select c.id, coalesce(c.dataset_version, b.dataset_version) as version, c.raw, c.first_line as line
    from chunk c join batch b on b.id = c.batch
    where c.batch = ${batch} and c.first_line > ${after} and c.raw is not null
    order by c.first_line limit 1`)
  return rows[0]
}
