import type pg from 'pg'
import type { BatchId, ChunkId } from '../../src/domain/ids.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'

/** Stores a received batch with so many chunks of ten entries each, as intake leaves it. */
export function receiveBatch(
  db: pg.Pool,
  { platform = 'sumedang', chunks = 1 } = {},
): Promise<{ batch: BatchId; chunk: ChunkId; chunks: ChunkId[] }> {
  const batch = newId('bat')
  const first = newId('chk')
  const ids = [first, ...Array.from({ length: chunks - 1 }, () => newId('chk'))]
  return inTransaction(db, async (tx) => {
    await tx.query(sql`
      insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key, state, receipt_order,
        payload_sha256, received, received_at)
      values (${batch}, ${platform}, 'sumedang', '1', 'PKS', ${batch}, 'received', nextval('batch_order'), ${Buffer.alloc(32)},
        ${chunks * 10}, now())`)
    await tx.query(sql`
      insert into chunk (id, batch, platform, first_line, entries, state)
      select id, ${batch}, ${platform}, n * 10 - 9, 10, 'received'
      from unnest(${ids}::text[]) with ordinality as i (id, n)`)
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
