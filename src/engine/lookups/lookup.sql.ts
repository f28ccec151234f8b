import type { Pool, PoolClient } from 'pg'
import type { BatchId, ChunkId, SubmissionId } from '../../domain/ids.ts'
import { BATCH } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { KeptRow, LookupPlace } from '../cleaner.ts'

/** Files of one submission that a batch of it looks values up in. */
export type LookupSources = { submission: SubmissionId; batches: { id: BatchId; dataset: string }[] }

/** A chunk of such a file with its records, sealed, and the dataset version (`name@version`) that they are read by. */
export type SourceRecords = { id: ChunkId; platform: string; dataset: string; raw: Buffer }

/** The other files of a batch's submission that are of these datasets and were not aborted; undefined for a batch that came alone. */
export async function readLookupFiles(
  db: Db,
  reader: BatchId,
  datasets: readonly string[],
): Promise<LookupSources | undefined> {
  const { rows } = await db.query<{ submission: SubmissionId | null; id: BatchId | null; dataset: string }>(sql`
    select r.submission, s.id, s.dataset
    from batch r
    left join batch s on s.submission = r.submission and s.id <> r.id and s.dataset = any(${datasets})
      and s.state <> ${BATCH.receiving} and s.aborted_at is null
    where r.id = ${reader} order by s.id`)
  const submission = rows[0]?.submission ?? null
  if (submission === null) return undefined
  return { submission, batches: rows.flatMap(({ id, dataset }) => (id === null ? [] : [{ id, dataset }])) }
}

/** Notes which batches a batch looks values up in: these keep their records while it may need them. */
export async function noteUse(db: Db, reader: BatchId, sources: readonly BatchId[]): Promise<void> {
  await db.query(sql`
    insert into lookup_use (source, reader) select unnest(${sources}::text[]), ${reader} on conflict do nothing`)
}

/** The chunks of these batches whose rows are not kept for a place yet. */
export async function readMissingChunks(
  db: Db,
  { submission, reader }: LookupPlace,
  batches: readonly BatchId[],
): Promise<ChunkId[]> {
  const { rows } = await db.query<{ id: ChunkId }>(sql`
    select c.id from chunk c
    where c.batch = any(${batches}) and c.raw is not null and not exists (
      select from lookup_chunk l where l.submission = ${submission} and l.reader = ${reader} and l.chunk = c.id)
    order by c.batch, c.first_line`)
  return rows.map(({ id }) => id)
}

/** The records of such a chunk; undefined when somebody else has kept its rows meanwhile, or it is gone. */
export async function readSourceRecords(
  db: Db,
  { submission, reader }: LookupPlace,
  chunk: ChunkId,
): Promise<SourceRecords | undefined> {
  const { rows } = await db.query<SourceRecords>(sql`
    select c.id, c.platform, b.dataset || '@' || coalesce(c.dataset_version, b.dataset_version) as dataset, c.raw
    from chunk c join batch b on b.id = c.batch
    where c.id = ${chunk} and c.raw is not null and not exists (
      select from lookup_chunk l where l.submission = ${submission} and l.reader = ${reader} and l.chunk = c.id)`)
  return rows[0]
}

/**
 * Marks a chunk as one whose rows are kept; false when it is marked already, or gone. Whoever marks it at the same moment is waited
 * for. The mark's foreign key locks the submission, so that who forgets its rows is waited for, too.
 */
export async function markKept(tx: PoolClient, { submission, reader }: LookupPlace, chunk: ChunkId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    insert into lookup_chunk (submission, reader, chunk)
    select ${submission}, ${reader}, id from chunk where id = ${chunk} for key share
    on conflict do nothing`)
  return rowCount === 1
}

/** Keeps rows by their keys; of one that is there and says something else nothing is left but that they differ. */
export async function saveRows(tx: PoolClient, submission: string, kept: readonly KeptRow[]): Promise<void> {
  if (kept.length === 0) return
  const [keys, contents] = [kept.map(({ key }) => key), kept.map(({ content }) => content)]
  const sealed = kept.map(
    (row) => row.sealed && Buffer.from(row.sealed.buffer, row.sealed.byteOffset, row.sealed.byteLength),
  )
  await tx.query(sql`
    insert into lookup_row (submission, key_index, content_index, sealed)
    select ${submission}, decode(k.key, 'hex'), decode(k.content, 'hex'), k.sealed
    from unnest(${keys}::text[], ${contents}::text[], ${sealed}::bytea[]) as k (key, content, sealed)
    on conflict (submission, key_index) do update set sealed = null
    where lookup_row.content_index <> excluded.content_index or excluded.sealed is null`)
}

/** The rows under some keys (hexadecimal); undefined while the rows of a chunk of these batches are not kept. One look at both. */
export async function findRows(
  db: Pool,
  { submission, reader }: LookupPlace,
  batches: readonly BatchId[],
  keys: readonly string[],
): Promise<{ key: string; sealed: Buffer | null }[] | undefined> {
  const { rows } = await db.query<{ open: boolean; key: string | null; sealed: Buffer | null }>(sql`
    select o.open, encode(r.key_index, 'hex') as key, r.sealed
    from (select exists (
      select from chunk c
      where c.batch = any(${batches}) and c.raw is not null and not exists (
        select from lookup_chunk l where l.submission = ${submission} and l.reader = ${reader} and l.chunk = c.id)) as open) o
    left join lookup_row r on not o.open and r.submission = ${submission}
      and r.key_index in (select decode(k, 'hex') from unnest(${keys}::text[]) as k)`)
  if (rows[0]?.open !== false) return undefined
  return rows.flatMap(({ key, sealed }) => (key === null ? [] : [{ key, sealed }]))
}
