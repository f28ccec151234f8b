import type { PoolClient } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { CHUNK, firstStateOf } from '../domain/states.ts'
import { sql } from '../io/postgres/sql.ts'
import type { ClaimedChunk } from './stage.ts'

/** Some of a chunk's entries: their number, the first line, and the sealed source records; a withdrawal's lie in a table of their own. */
export type ChunkPart = { firstLine: number; entries: number; raw: Buffer | null }

/** Lets a chunk start over with some of its entries; what stages found in it is forgotten. */
export async function restartChunk(tx: PoolClient, { id, kind }: ClaimedChunk, part: ChunkPart): Promise<void> {
  await tx.query(sql`delete from report where chunk = ${id}`)
  await tx.query(sql`
    update chunk
    set entries = ${part.entries}, raw = ${part.raw}, cleaned = null, state = ${firstStateOf(kind)}, epoch = epoch + 1,
      lease_until = null, dispatched_at = null, attempts = 0, due_at = now(),
      new = 0, updated = 0, unchanged = 0, rejected = 0, held = 0
    where id = ${id}`)
}

/** Stores other entries of a chunk as a chunk of their own that starts over. */
export async function insertPart(tx: PoolClient, id: ChunkId, of: ClaimedChunk, part: ChunkPart): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, raw, dataset_version, released)
    values (${id}, ${of.batch}, ${of.platform}, ${part.firstLine}, ${part.entries}, ${firstStateOf(of.kind)},
      ${part.raw}, ${of.datasetVersion}, ${of.isReleased})`)
}

/** Settles a chunk of one entry as held, in the ledger and in its counts. */
export async function holdLine(tx: PoolClient, { id, batch }: ClaimedChunk, line: number): Promise<void> {
  await tx.query(sql`
    insert into entry (batch, line, chunk, key_index, outcome) values (${batch}, ${line}, ${id}, null, 'held')`)
  await tx.query(sql`
    update chunk
    set state = ${CHUNK.settled}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0,
      new = 0, updated = 0, unchanged = 0, rejected = 0, held = 1, settled_at = clock_timestamp()
    where id = ${id}`)
}
