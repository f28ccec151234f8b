import type { ClientBase } from 'pg'
import type { CleanedEntry, RawEntry } from '../../domain/entry.ts'
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
  const sealed = await readSealedRaw(db, id)
  return sealed && openRaw(vault, { id, platform }, sealed)
}

/** The source records of a chunk as they lie sealed, for whoever opens them elsewhere; undefined when it has none. */
export async function readSealedRaw(db: Db, id: ChunkId): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ raw: Buffer | null }>(sql`select raw from chunk where id = ${id}`)
  return rows[0]?.raw ?? undefined
}

/** The cleaned entries of a chunk, opened; undefined when their retention has ended. */
export async function readCleaned(
  db: Db,
  vault: Pick<Vault, 'open'>,
  { id, platform }: StoredChunk,
): Promise<CleanedEntry[] | undefined> {
  const { rows } = await db.query<{ cleaned: Buffer | null }>(sql`select cleaned from chunk where id = ${id}`)
  const sealed = rows[0]?.cleaned
  return sealed ? openCleaned(vault, { id, platform }, sealed) : undefined
}

/** Puts the sealed cleaned entries beside the raw ones, which stay until their retention ends: a release needs them. */
export async function saveCleaned(tx: ClientBase, chunk: ChunkId, cleaned: Buffer): Promise<void> {
  await tx.query(sql`update chunk set cleaned = ${cleaned} where id = ${chunk}`)
}
