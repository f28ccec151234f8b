import type { PoolClient } from 'pg'
import type { BatchId, ChunkId, ErasureId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { ErasedIndex } from './erased.ts'
import type { Index } from './subject.ts'

/** Where an entry states an erased person. */
export type ErasedPlace = { batch: BatchId; line: number; chunk: ChunkId }

/** Keeps by which indexes an erased person is known again. */
export async function insertErased(
  tx: PoolClient,
  erasure: ErasureId,
  indexes: readonly Index[],
  numbered: boolean,
): Promise<void> {
  await tx.query(sql`
    insert into erased (index, erasure, numbered)
    select decode(given.index, 'hex'), ${erasure}, ${numbered} from unnest(${indexes}::text[]) as given(index)
    on conflict (index) do nothing`)
}

/** Whether anybody was ever erased: before, nothing is looked up. */
export async function isAnybodyErased(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`select exists (select from erased) as any`)
  return rows[0]?.any ?? false
}

/** Those of these indexes that are of erased persons. */
export async function lookUpErased(db: Db, indexes: readonly Index[]): Promise<ErasedIndex[]> {
  if (indexes.length === 0) return []
  const { rows } = await db.query<ErasedIndex>(sql`
    select given.index, e.numbered from unnest(${indexes}::text[]) as given(index)
    join erased e on e.index = decode(given.index, 'hex')`)
  return rows
}

/** Notes entries that stated an erased person again: their bytes are to be destroyed. */
export async function noteErasedAgain(
  tx: PoolClient,
  { batch, chunk }: { batch: BatchId; chunk: ChunkId },
  lines: readonly number[],
): Promise<void> {
  if (lines.length === 0) return
  await tx.query(sql`
    insert into erased_again (batch, line, chunk)
    select ${batch}, given.line, ${chunk} from unnest(${lines}::integer[]) as given(line)
    on conflict do nothing`)
}

/** Entries of some chunks that stated an erased person again; the chunks after one, in the order of their ids. */
export async function readErasedAgain(db: Db, after: string, chunks: number): Promise<ErasedPlace[]> {
  const { rows } = await db.query<ErasedPlace>(sql`
    select a.batch, a.line, a.chunk
    from (select distinct chunk from erased_again where chunk > ${after} order by chunk limit ${chunks}) c
    join erased_again a using (chunk) order by a.chunk, a.line`)
  return rows
}

/** Forgets that entries of a chunk are to be destroyed. */
export async function forgetErasedAgain(tx: PoolClient, chunk: ChunkId): Promise<void> {
  await tx.query(sql`delete from erased_again where chunk = ${chunk}`)
}

/** All ids that a subject ever had, its present one included. */
export async function readIdsOf(db: Db, subject: SubjectId): Promise<SubjectId[]> {
  const { rows } = await db.query<{ id: SubjectId }>(sql`
    select id from subject where id = ${subject} or merged_into = ${subject}`)
  return rows.map(({ id }) => id)
}
