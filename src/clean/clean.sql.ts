import type { ClientBase, Pool } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { sql } from '../io/postgres/sql.ts'

/** The sealed source records of a chunk; undefined when their retention has ended. */
export async function readRaw(db: Pool, chunk: ChunkId): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ raw: Buffer | null }>(sql`select raw from chunk where id = ${chunk}`)
  return rows[0]?.raw ?? undefined
}

/** Puts the sealed cleaned entries beside the raw ones; the raw ones stay until their retention ends, for a release. */
export async function saveCleaned(tx: ClientBase, chunk: ChunkId, cleaned: Buffer): Promise<void> {
  await tx.query(sql`update chunk set cleaned = ${cleaned} where id = ${chunk}`)
}
