import type { ClientBase } from 'pg'
import type { DeliveryId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { gatheredFirst } from '../io/postgres/table-form.ts'

/** How far the feed and the audit log of this database go, with what is committed; both only ever go on. */
export type DatabaseEnd = { epoch: string; position: number; sequence: number; hash: string }

/** How far this database goes at this moment. */
export async function selectDatabaseEnd(db: Db | ClientBase): Promise<DatabaseEnd> {
  const { rows } = await db.query<DatabaseEnd>(sql`
    select epoch, coalesce((select max(position) from delivery), 0)::float8 as position,
      coalesce(a.sequence, 0)::float8 as sequence, coalesce(encode(a.hash, 'hex'), '') as hash
    from feed left join (select sequence, hash from audit order by sequence desc limit 1) a on true`)
  return rows[0] as DatabaseEnd
}

/** Of the places of some pairs of a subject and its last delivery those whose delivery is not known here, and whether the subject is. */
export async function selectLost(
  db: Db,
  told: readonly { subject: string; delivery: string }[],
): Promise<{ at: number; isKnown: boolean }[]> {
  const { rows } = await db.query<{ at: number; isKnown: boolean }>(
    gatheredFirst(
      sql`
    select t.at::integer - 1 as at, exists (select from subject s where s.id = t.subject) as "isKnown"
    from unnest(${told.map(({ subject }) => subject)}::text[], ${told.map(({ delivery }) => delivery)}::text[])
      with ordinality as t(subject, delivery, at)
    where not exists (select from delivery d where d.id = t.delivery)
    order by t.at`,
      { subject: `select id from public.subject where id = any($1::text[])` },
    ),
  )
  return rows
}

/** Whether this database knows a delivery, and when its feed began. */
export async function findInDatabase(db: Db, id: DeliveryId): Promise<{ isKnown: boolean; renewedAt: Date }> {
  const { rows } = await db.query<{ isKnown: boolean; renewedAt: Date }>(sql`
    select exists (select from delivery where id = ${id}) as "isKnown", renewed_at as "renewedAt" from feed`)
  return rows[0] as { isKnown: boolean; renewedAt: Date }
}
