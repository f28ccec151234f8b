import type { BatchId, SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { resultPlace, type SaidResult } from './latest.db.ts'

/** What BPS said of a subject, past results too; `said` is null where it is past its retention. */
export type ResultOf = {
  version: string
  asOf: string
  status: string
  appliedAt: Date
  overtakenAt: Date | null
  said: SaidResult | null
}

type Row = Omit<ResultOf, 'said'> & { batch: BatchId; line: number; sealed: Buffer | null }

/** Everything that BPS said of some subjects, the oldest first. */
export async function readResultsOf(
  db: Db,
  vault: Pick<Vault, 'open'>,
  subjects: readonly SubjectId[],
): Promise<ResultOf[]> {
  const { rows } = await db.query<Row>(sql`
    select version, to_char(as_of, 'YYYY-MM-DD') as "asOf", status, applied_at as "appliedAt", overtaken_at as "overtakenAt",
      batch, line, sealed
    from subject_result where subject = any(${subjects}::text[]) order by id`)
  return rows.map(({ batch, line, sealed, ...row }) => {
    const said = sealed && (JSON.parse(vault.open(sealed, resultPlace(batch, line)).toString('utf8')) as SaidResult)
    return { ...row, said }
  })
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
