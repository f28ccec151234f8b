import type { ClientBase } from 'pg'
import type { CleanEntry, RawEntry } from '../../domain/entry.ts'
import type { ChunkId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { openCleaned, openRaw } from './sealed-chunk.ts'

/** Whose content is read. */
export type StoredChunk = { id: ChunkId; platform: string }

/** The source records of a chunk, opened; undefined when it has none: their retention has ended, or there never were any. */
export async function readRaw(
  db: Db,
  vault: Pick<Vault, 'open'>,
  { id, platform }: StoredChunk,
): Promise<RawEntry[] | undefined> {
  const { rows } = await db.query<{ raw: Buffer | null }>(sql`select raw from chunk where id = ${id}`)
  const sealed = rows[0]?.raw
  return sealed ? openRaw(vault, { id, platform }, sealed) : undefined
}

/** The cleaned entries of a chunk, opened; undefined when their retention has ended. */
export async function readCleaned(
  db: Db,
  vault: Pick<Vault, 'open'>,
  { id, platform }: StoredChunk,
): Promise<CleanEntry[] | undefined> {
  const { rows } = await db.query<{ cleaned: Buffer | null }>(sql`select cleaned from chunk where id = ${id}`)
  const sealed = rows[0]?.cleaned
  return sealed ? openCleaned(vault, { id, platform }, sealed) : undefined
}

/** Puts the sealed cleaned entries beside the raw ones, which stay until their retention ends: a release needs them. */
export async function saveCleaned(tx: ClientBase, chunk: ChunkId, cleaned: Buffer): Promise<void> {
  await tx.query(sql`update chunk set cleaned = ${cleaned} where id = ${chunk}`)
}
