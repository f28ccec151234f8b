import type { SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { either, gatheredFirst } from '../io/postgres/table-form.ts'

/** Those of these subjects of which the last entry that a platform sent under a key of theirs is held. */
export async function readHeldSubjects(
  db: Db,
  platform: string,
  subjects: readonly SubjectId[],
): Promise<Set<SubjectId>> {
  if (subjects.length === 0) return new Set()
  const whole = sql`
    select distinct r.subject
    from unnest(${subjects}::text[]) as given(subject)
    cross join lateral (
      select batch, line, subject from source_record
      where subject = given.subject and platform = ${platform} offset 0) r
    cross join lateral (
      select key_index from entry where batch = r.batch and line = r.line and key_index is not null offset 0) came
    cross join lateral (
      select e.outcome from entry e join batch b on b.id = e.batch
      where e.key_index = came.key_index order by b.receipt_order desc limit 1) last
    where last.outcome = 'held'`
  const distributed = () => sql`
    with records as materialized (
      select batch, line, subject from source_record
      where subject = any(${subjects}::text[]) and platform = ${platform}),
    came as materialized (
      select r.subject, e.key_index from records r join entry e on e.batch = r.batch and e.line = r.line
      where e.key_index is not null),
    stands as materialized (
      select key_index, batch, outcome from entry where key_index in (select key_index from came)),
    last as (
      select distinct on (s.key_index) s.key_index, s.outcome
      from stands s join batch b on b.id = s.batch order by s.key_index, b.receipt_order desc)
    select distinct came.subject from came join last using (key_index) where last.outcome = 'held'`
  const { rows } = await db.query<{ subject: SubjectId }>(either(whole, distributed))
  return new Set(rows.map(({ subject }) => subject))
}

/**
 * How many entries of a platform are held and not corrected since: people of whom nothing may be known yet. One that came several
 * times, and was held each time, counts once.
 */
export async function countHeld(db: Db, platform: string): Promise<number> {
  const { rows } = await db.query<{ held: number }>(
    gatheredFirst(
      sql`
    select (count(*) filter (where e.key_index is null) + count(distinct e.key_index))::integer as held
    from entry e join batch b on b.id = e.batch
    where b.platform = ${platform} and e.outcome = 'held' and e.corrected_by is null`,
      {
        entry: `select batch, key_index, outcome, corrected_by from public.entry where corrected_by is null and outcome = 'held'`,
      },
    ),
  )
  return rows[0]?.held ?? 0
}
