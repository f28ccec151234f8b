import type { PoolClient } from 'pg'
import type { ErasureId, SubjectId } from '../../../domain/ids.ts'
import type { Db } from '../../../io/postgres/postgres.ts'
import { sql } from '../../../io/postgres/sql.ts'
import type { Index } from '../subject.ts'
import type { ErasedIndex } from './erased.ts'

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

/** All ids that a subject ever had, its present one included. */
export async function readIdsOf(db: Db, subject: SubjectId): Promise<SubjectId[]> {
  const { rows } = await db.query<{ id: SubjectId }>(sql`
    select id from subject where id = ${subject} or merged_into = ${subject}`)
  return rows.map(({ id }) => id)
}
