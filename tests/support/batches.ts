import type pg from 'pg'
import type { BatchId, ChunkId } from '../../src/domain/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { insertBatch, insertChunk } from './fixtures/rows.ts'

/** Stores a received batch with so many chunks of ten entries each, as intake leaves it. */
export function receiveBatch(
  db: pg.Pool,
  { platform = 'sumedang', chunks = 1 } = {},
): Promise<{ batch: BatchId; chunk: ChunkId; chunks: ChunkId[] }> {
  return inTransaction(db, async (tx) => {
    const { id: batch } = await insertBatch(tx, { platform, dataset: 'sumedang', received: chunks * 10 })
    const first = await insertChunk(tx, { batch, platform })
    const ids = [first]
    while (ids.length < chunks) ids.push(await insertChunk(tx, { batch, platform, first_line: ids.length * 10 + 1 }))
    return { batch, chunk: first, chunks: ids }
  })
}

type ChunkRow = {
  state: string
  epoch: number
  attempts: number
  dispatched: boolean
  leased: boolean
  /** Seconds until it is due. */
  wait: number
}

/** What the database says about a chunk. */
export async function readChunk(db: pg.Pool, id: ChunkId): Promise<ChunkRow> {
  const { rows } = await db.query<ChunkRow>(sql`
    select state, epoch, attempts, dispatched_at is not null as dispatched, lease_until is not null as leased,
      greatest(0, extract(epoch from due_at - now()))::float8 as wait
    from chunk where id = ${id}`)
  return rows[0] as ChunkRow
}

export async function readBatchState(db: pg.Pool, id: BatchId): Promise<string | undefined> {
  const { rows } = await db.query<{ state: string }>(sql`select state from batch where id = ${id}`)
  return rows[0]?.state
}
