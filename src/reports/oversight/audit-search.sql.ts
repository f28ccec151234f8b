import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { AuditLine, AuditSearch } from './audit-line.ts'

// A search for what is rare reads no more than this of the log at once.
const WINDOW = 200_000

/**
 * Rows that fit, the newest first, and where to go on; null at the end of the log. A page may be empty and still have a next one:
 * it looks at a bounded part of the log.
 */
export async function searchAudit(
  db: Db,
  { action, actor, object, since, before }: AuditSearch,
  limit: number,
): Promise<{ lines: AuditLine[]; next: number | null }> {
  const { rows: ends } = await db.query<{ end: string }>(sql`
    select coalesce(${before}::bigint, max(sequence) + 1, 1) as end from audit`)
  const end = Number(ends[0]?.end)
  const start = Math.max(1, end - WINDOW)
  const { rows } = await db.query<Omit<AuditLine, 'sequence'> & { sequence: string }>(sql`
    select sequence, at, actor, action, kind, object from audit
    where sequence >= ${start} and sequence < ${end}
      and (${action}::text is null or action = ${action}) and (${actor}::text is null or actor = ${actor})
      and (${object}::text is null or object = ${object}) and (${since}::timestamptz is null or at >= ${since})
    order by sequence desc limit ${limit + 1}`)
  const lines = rows.slice(0, limit).map((row) => ({ ...row, sequence: Number(row.sequence) }))
  if (rows.length > limit) return { lines, next: lines.at(-1)?.sequence ?? null }
  return { lines, next: start > 1 ? start : null }
}
