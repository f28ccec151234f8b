import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import type { Counts, Outcome } from '../../domain/states.ts'
import { copyRows } from '../../io/postgres/copy.ts'
import { sql } from '../../io/postgres/sql.ts'
import { noteCorrections } from './corrections.sql.ts'

/**
 * Writes the ledger rows of a chunk, and notes what they correct of earlier batches; lines that were held before and are released now
 * get their new outcome.
 */
export async function insertEntries(
  tx: PoolClient,
  batch: BatchId,
  chunk: ChunkId,
  entries: readonly { line: number; key: string | null; outcome: Outcome }[],
): Promise<void> {
  const first = entries[0]?.line ?? 0
  const last = entries.at(-1)?.line ?? 0
  const { rows } = await tx.query<{ line: number }>(sql`
    select line from entry where batch = ${batch} and line between ${first} and ${last}`)
  if (rows.length > 0) {
    await tx.query(sql`
      delete from entry where batch = ${batch} and line = any(${entries.map(({ line }) => line)}::integer[])`)
  }
  await copyRows(
    tx,
    'entry',
    { batch: 'text', line: 'int4', chunk: 'text', key_index: 'bytea', outcome: 'text' },
    Iterator.from(entries).map(({ line, key, outcome }) => [batch, line, chunk, key, outcome]),
  )
  await noteCorrections(tx, batch, entries)
}

/** Writes how many entries of a chunk have which outcome; they are known once the chunk is in its next state. */
export async function saveCounts(tx: PoolClient, chunk: ChunkId, counts: Counts): Promise<void> {
  await tx.query(sql`
    update chunk
    set new = ${counts.new}, updated = ${counts.updated}, unchanged = ${counts.unchanged},
      rejected = ${counts.rejected}, held = ${counts.held}
    where id = ${chunk}`)
}
