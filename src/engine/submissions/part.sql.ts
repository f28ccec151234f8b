import type { Pool, PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, CHUNK } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A part of a file by its key, as it was received; undefined when it was not. */
export async function findPart(db: Db, batch: BatchId, key: string): Promise<{ sha256: Buffer } | undefined> {
  const { rows } = await db.query<{ sha256: Buffer }>(sql`
    select sha256 from batch_part where batch = ${batch} and key = ${key}`)
  return rows[0]
}

/**
 * Makes a writer the one of a file, and gives the last line of the parts that are whole; undefined while another writer was heard of
 * within so many seconds, or when the file has as many parts as it may.
 */
export async function claimWriter(
  db: Pool,
  batch: BatchId,
  writer: string,
  { seconds, parts }: { seconds: number; parts: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ lines: number }>(sql`
    update batch set writer = ${writer}, touched_at = now()
    where id = ${batch} and state = ${BATCH.receiving}
      and (writer is null
        or touched_at not between now() - make_interval(secs => ${seconds}) and now() + make_interval(secs => ${seconds}))
      and (select count(*) from batch_part where batch = ${batch}) < ${parts}
    returning part_lines as lines`)
  return rows[0]?.lines
}

/** Removes what a writer before left unfinished, or this one has: chunks behind the last whole part. */
export async function dropBehind(db: Db, batch: BatchId, writer: string): Promise<void> {
  await db.query(sql`
    delete from chunk using batch b
    where b.id = ${batch} and b.writer = ${writer} and chunk.batch = b.id and chunk.state = ${CHUNK.receiving}
      and chunk.first_line > b.part_lines`)
}

/** Says that a writer lives. */
export async function touchWriter(db: Db, batch: BatchId, writer: string): Promise<void> {
  await db.query(sql`update batch set touched_at = now() where id = ${batch} and writer = ${writer}`)
}

/** Stores a chunk of a part, sealed; false when another writer has taken over, or the file is gone. */
export async function storePartChunk(
  db: Pool,
  writer: string,
  chunk: { id: ChunkId; batch: BatchId; firstLine: number; entries: number; raw: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    with alive as (
      update batch set touched_at = now()
      where id = ${chunk.batch} and state = ${BATCH.receiving} and writer = ${writer}
      returning id, platform)
    insert into chunk (id, batch, platform, first_line, entries, raw)
    select ${chunk.id}, alive.id, alive.platform, ${chunk.firstLine}, ${chunk.entries}, ${chunk.raw} from alive`)
  return rowCount === 1
}

/** Makes a part whole and lets its writer go; false when another writer has taken over, or the file is gone. */
export async function savePart(
  tx: PoolClient,
  writer: string,
  part: {
    batch: BatchId
    key: string
    sha256: Buffer
    bytes: number
    firstLine: number
    entries: number
    lastLine: number
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    with mine as (
      update batch set writer = null, part_lines = ${part.lastLine}, touched_at = now()
      where id = ${part.batch} and state = ${BATCH.receiving} and writer = ${writer}
      returning id)
    insert into batch_part (batch, key, number, sha256, bytes, first_line, entries)
    select mine.id, ${part.key}, (select count(*) + 1 from batch_part where batch = ${part.batch}), ${part.sha256},
      ${part.bytes}, ${part.firstLine}, ${part.entries}
    from mine`)
  return rowCount === 1
}

/** Lets a writer go whose part failed. */
export async function releaseWriter(db: Db, batch: BatchId, writer: string): Promise<void> {
  await db.query(sql`update batch set writer = null where id = ${batch} and writer = ${writer}`)
}
