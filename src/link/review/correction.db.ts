import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { addOwnChunk, closeOwnBatch, type OwnBatch, openOwnBatch } from '../../engine/own-batch.sql.ts'

/**
 * Opens a batch of one entry, ready to be linked, that makes the subjects follow decisions and carries the corrections to BPS:
 * leased, fenced, delivered and counted like every other. `key` is what was decided: a review's id, or a person's.
 */
export async function openCorrection(
  tx: PoolClient,
  { batch, chunk, key }: { batch: BatchId; chunk: ChunkId; key: string },
): Promise<void> {
  const own: OwnBatch = { id: batch, kind: 'decision', about: key }
  await openOwnBatch(tx, own)
  await addOwnChunk(tx, own, { id: chunk, firstLine: 1, entries: 1, cleaned: null })
  await closeOwnBatch(tx, own, 1)
}
