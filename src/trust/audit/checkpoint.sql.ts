import type { Pool, PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A checkpoint as it is kept: over the first `size` rows; `leaves` are the hashes of those that the one before did not have. */
export type StoredCheckpoint = { size: number; root: Buffer; note: string; leaves: Buffer; signedAt: Date }

type Row = Omit<StoredCheckpoint, 'size'> & { size: string }

/** Lets one process make a checkpoint at a time, until its transaction ends; false when another does. */
export async function tryLockCheckpoints(tx: PoolClient): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtext('titian audit checkpoint')) as ours`)
  return rows[0]?.ours === true
}

/** Keeps a checkpoint. */
export async function insertCheckpoint(
  tx: PoolClient,
  { size, root, note, leaves }: Omit<StoredCheckpoint, 'signedAt'>,
): Promise<void> {
  await tx.query(sql`
    insert into audit_checkpoint (size, root, note, leaves) values (${size}, ${root}, ${note}, ${leaves})`)
}

/** The newest checkpoint; undefined before the first. */
export async function lastCheckpoint(db: Db): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query<Row>(sql`
    select size, root, note, leaves, signed_at as "signedAt" from audit_checkpoint order by size desc limit 1`)
  return rows.map(stored)[0]
}

/** The checkpoint over so many rows; undefined when there is none. */
export async function checkpointOf(db: Db, size: number): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query<Row>(sql`
    select size, root, note, leaves, signed_at as "signedAt" from audit_checkpoint where size = ${size}`)
  return rows.map(stored)[0]
}

/** The checkpoints that hold leaves after a place, in order of size, so many at most. */
export async function checkpointsAfter(db: Db, place: number, limit: number): Promise<StoredCheckpoint[]> {
  const { rows } = await db.query<Row>(sql`
    select size, root, note, leaves, signed_at as "signedAt" from audit_checkpoint
    where size > ${place} order by size limit ${limit}`)
  return rows.map(stored)
}

/** As `checkpointsAfter`, without the leaves. */
export async function signedRootsAfter(
  db: Db,
  place: number,
  limit: number,
): Promise<Pick<StoredCheckpoint, 'size' | 'root' | 'note'>[]> {
  const { rows } = await db.query<Pick<Row, 'size' | 'root' | 'note'>>(sql`
    select size, root, note from audit_checkpoint where size > ${place} order by size limit ${limit}`)
  return rows.map((row) => ({ ...row, size: Number(row.size) }))
}

/** Keeps the roots of whole blocks, the first of them in the place `from`. */
export async function insertBlocks(tx: PoolClient, from: number, roots: readonly Buffer[]): Promise<void> {
  await tx.query(sql`
    insert into audit_block (block, root)
    select ${from}::bigint + place - 1, decode(root, 'hex')
    from unnest(${roots.map((root) => root.toString('hex'))}::text[]) with ordinality as r (root, place)`)
}

/** The roots of the first whole blocks, `count` at most, in order. */
export async function readAuditBlocks(db: Db, count: number): Promise<Buffer[]> {
  const { rows } = await db.query<{ root: Buffer }>(sql`
    select root from audit_block where block < ${count} order by block`)
  return rows.map(({ root }) => root)
}

/** Notes that the tree is as far as the log at this moment. */
export async function confirmTree(db: Pool | PoolClient): Promise<void> {
  await db.query(sql`update audit_tree set confirmed_at = clock_timestamp()`)
}

/** Seconds since the tree was last found to be as far as the log; the clock is the database's. */
export async function secondsUnconfirmed(db: Db): Promise<number> {
  const { rows } = await db.query<{ seconds: number }>(sql`
    select extract(epoch from clock_timestamp() - confirmed_at)::float8 as seconds from audit_tree`)
  return Math.max(0, rows[0]?.seconds ?? 0)
}

/** Keeps what a witness said of a checkpoint; false when it has said so before. */
export async function insertCosignature(db: Db, size: number, witness: string, line: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into audit_cosignature (size, witness, line) values (${size}, ${witness}, ${line}) on conflict do nothing`)
  return rowCount === 1
}

/** What witnesses said of a checkpoint, one line each. */
export async function readCosignatures(db: Db, size: number): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(sql`
    select line from audit_cosignature where size = ${size} order by witness`)
  return rows.map(({ line }) => line)
}

function stored(row: Row): StoredCheckpoint {
  return { ...row, size: Number(row.size) }
}
