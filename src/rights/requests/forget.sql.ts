import type { PoolClient } from 'pg'
import type { RestrictionId, SubjectId } from '../../domain/ids.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Ends what is open in the name of an erased person, and destroys what is sealed of it; gives the restrictions that ended. */
export async function forgetAsked(
  tx: PoolClient,
  subjects: readonly SubjectId[],
  { askedBy, confirmedBy }: { askedBy: string; confirmedBy: string },
): Promise<RestrictionId[]> {
  // A task before its request, as whoever closes one takes them.
  await tx.query(sql`
    update correction_task set state = 'withdrawn', closed_at = now(), closed_by = ${confirmedBy}, said = null
    where state = 'open' and request in (select id from person_request where subject = any(${subjects}::text[]))`)
  await tx.query(sql`
    update person_request
    set wish = null, state = case state when 'asked' then 'declined' else 'done' end,
      done_at = case state when 'open' then now() end
    where subject = any(${subjects}::text[]) and state in ('asked', 'open')`)
  await tx.query(sql`
    update restriction set state = 'declined' where subject = any(${subjects}::text[]) and state = 'asked'`)
  const { rows } = await tx.query<{ id: RestrictionId }>(sql`
    update restriction
    set state = 'lifted', known = null, lift_asked_by = ${askedBy}, lift_asked_at = now(), lifted_by = ${confirmedBy},
      lifted_at = now()
    where subject = any(${subjects}::text[]) and state in ('held', 'lifting') returning id`)
  return rows.map(({ id }) => id)
}
