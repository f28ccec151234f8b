import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, BEFORE_KNOWN, CHUNK } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A chunk that may hold somebody. */
export type KeptChunk = {
  id: ChunkId
  batch: BatchId
  platform: string
  dataset: string
  raw: Buffer | null
  cleaned: Buffer | null
  /** It is settled, and the receipt of its batch is made: nothing needs the entries as they came. */
  isSettled: boolean
}

/** The chunks after one, in the order of their ids, that still have sealed entries. */
export async function readHoldingChunks(db: Db, after: string, limit: number): Promise<KeptChunk[]> {
  const { rows } = await db.query<KeptChunk>(sql`
    select c.id, c.batch, c.platform, b.dataset, c.raw, c.cleaned,
      c.state = ${CHUNK.settled} and b.settled_at is not null
        and (b.kind <> 'push' or b.receipted_at is not distinct from b.settled_at) as "isSettled"
    from chunk c join batch b on b.id = c.batch
    where c.id > ${after} and (c.raw is not null or c.cleaned is not null)
    order by c.id limit ${limit}`)
  return rows
}

/** The chunks of these ids that still have sealed entries. */
export async function readChunksById(db: Db, ids: readonly ChunkId[]): Promise<KeptChunk[]> {
  const { rows } = await db.query<KeptChunk>(sql`
    select c.id, c.batch, c.platform, b.dataset, c.raw, c.cleaned,
      c.state = ${CHUNK.settled} and b.settled_at is not null
        and (b.kind <> 'push' or b.receipted_at is not distinct from b.settled_at) as "isSettled"
    from unnest(${ids}::text[]) as given(id) join chunk c on c.id = given.id join batch b on b.id = c.batch
    where c.raw is not null or c.cleaned is not null order by c.id`)
  return rows
}

/** Puts what is left in the place of a settled chunk's entries; false where somebody holds the chunk, or has changed it meanwhile. */
export async function replaceEntries(
  tx: PoolClient,
  { id, raw, cleaned }: Pick<KeptChunk, 'id' | 'raw' | 'cleaned'>,
  before: Pick<KeptChunk, 'raw' | 'cleaned'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update chunk set raw = ${raw}, cleaned = ${cleaned}
    where id in (select id from chunk where id = ${id} for update skip locked)
      and state = ${CHUNK.settled} and raw is not distinct from ${before.raw} and cleaned is not distinct from ${before.cleaned}`)
  return rowCount === 1
}

/** Whether the outcomes are known of all entries that were received up to a place in the order of receipt. */
export async function isAllKnownUpTo(db: Db, place: string): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(sql`
    select exists (
      select from batch b join chunk c on c.batch = b.id
      where b.state = ${BATCH.received} and b.receipt_order <= ${place} and c.state = any(${BEFORE_KNOWN})) as open`)
  return rows[0]?.open === false
}

/** The latest place of some batches in the order of receipt. */
export async function readLatestPlace(db: Db, batches: readonly BatchId[]): Promise<string> {
  const { rows } = await db.query<{ place: string | null }>(sql`
    select max(receipt_order) as place from batch where id = any(${batches}::text[])`)
  return rows[0]?.place ?? '0'
}
