import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { AuditLine } from './audit-line.ts'

/** What was done to some things, the newest first. */
export async function selectHistory(
  db: Db,
  things: readonly { kind: string; object: string }[],
  limit: number,
): Promise<AuditLine[]> {
  const { rows } = await db.query<Omit<AuditLine, 'sequence'> & { sequence: string }>(sql`
    select a.sequence, a.at, a.actor, a.action, a.kind, a.object
    from unnest(${things.map(({ kind }) => kind)}::text[], ${things.map(({ object }) => object)}::text[]) as given(kind, object)
    cross join lateral (
      select sequence, at, actor, action, kind, object from audit
      where audit.kind = given.kind and audit.object = given.object) a
    order by a.sequence desc limit ${limit}`)
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }))
}
