import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import { BATCH, CHUNK, STAGE } from '../domain/states.ts'
import { sql } from '../io/postgres/sql.ts'

/**
 * Hands settled chunks to the forward stage once more, since what they became is to be sent again; gives those that were settled.
 * Their outcomes stay. The chunks are locked in the order of lines, as everywhere.
 */
export async function reopenChunks(tx: PoolClient, ids: readonly ChunkId[]): Promise<ChunkId[]> {
  const { rows } = await tx.query<{ id: ChunkId }>(sql`
    select id from chunk where id = any(${ids}) and state = ${CHUNK.settled} order by batch, first_line for update`)
  const settled = rows.map(({ id }) => id)
  await tx.query(sql`
    update chunk
    set state = ${STAGE.forward.from}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0,
      due_at = clock_timestamp(), settled_at = null
    where id = any(${settled})`)
  return settled
}

/** Makes batches `received` again whose chunks were reopened; they keep the moment that their outcomes were settled at. */
export async function reopenDelivered(tx: PoolClient, batches: readonly BatchId[]): Promise<void> {
  await tx.query(sql`select from batch where id = any(${batches}) order by id for no key update`)
  await tx.query(sql`
    update batch set state = ${BATCH.received} where id = any(${batches}) and state = ${BATCH.settled}`)
}
