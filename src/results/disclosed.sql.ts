import type { BatchId, SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** A result of BPS as it is stored; what it says is null where it is past its retention. */
export type StoredResult = {
  version: string
  asOf: string
  status: string
  appliedAt: Date
  overtakenAt: Date | null
  batch: BatchId
  line: number
  sealed: Buffer | null
}

/** Every result about some subjects, past ones too, the oldest first. */
export async function readAllResults(db: Db, subjects: readonly SubjectId[]): Promise<StoredResult[]> {
  const { rows } = await db.query<StoredResult>(sql`
    select version, to_char(as_of, 'YYYY-MM-DD') as "asOf", status, applied_at as "appliedAt", overtaken_at as "overtakenAt",
      batch, line, sealed
    from subject_result where subject = any(${subjects}::text[]) order by id`)
  return rows
}

/** The platforms that results of some subjects were laid out for, and since when. */
export async function readNoticesOf(
  db: Db,
  subjects: readonly SubjectId[],
): Promise<{ platform: string; notedAt: Date }[]> {
  const { rows } = await db.query<{ platform: string; notedAt: Date }>(sql`
    select platform, max(noted_at) as "notedAt" from result_notice
    where subject = any(${subjects}::text[]) and position is not null group by platform order by platform`)
  return rows
}
