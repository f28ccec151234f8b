import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either, gatheredFirst } from '../../io/postgres/table-form.ts'
import type { CameRow, EntrySubject, SubjectSource } from './found.ts'

/** Every time the record of an entry came, the oldest first; the entry alone where its key could not be read. */
export async function selectCame(db: Db, batch: string, line: number, limit: number): Promise<CameRow[]> {
  const whole = sql`
    with asked as (select batch, line, key_index from entry where batch = ${batch} and line = ${line}),
    found as (
      select e.batch, e.line, e.chunk, e.outcome, e.corrected_by from asked join entry e on e.key_index = asked.key_index
      union
      select e.batch, e.line, e.chunk, e.outcome, e.corrected_by from asked join entry e on e.batch = asked.batch and e.line = asked.line)
    select e.batch, e.line, b.platform, b.dataset, b.kind, e.chunk, e.outcome, e.corrected_by as "correctedBy", c.state,
      b.received_at as "receivedAt"
    from found e join batch b on b.id = e.batch join chunk c on c.id = e.chunk
    order by b.receipt_order desc, e.line limit ${limit}`
  const distributed = () => sql`
    with asked as materialized (
      select batch, line, chunk, outcome, corrected_by, key_index from entry where batch = ${batch} and line = ${line}),
    found as materialized (
      select batch, line, chunk, outcome, corrected_by from asked
      union
      select batch, line, chunk, outcome, corrected_by from entry
      where key_index in (select key_index from asked where key_index is not null))
    select e.batch, e.line, b.platform, b.dataset, b.kind, e.chunk, e.outcome, e.corrected_by as "correctedBy", c.state,
      b.received_at as "receivedAt"
    from found e join batch b on b.id = e.batch join chunk c on c.id = e.chunk
    order by b.receipt_order desc, e.line limit ${limit}`
  const { rows } = await db.query<CameRow>(either(whole, distributed))
  return rows.reverse()
}

/** The entry that bears a key last; undefined where none does. Its source indexes find a member of a family's entry. */
export async function findEntryOf(
  db: Db,
  entryIndexes: readonly Buffer[],
  sourceIndexes: readonly Buffer[],
): Promise<{ batch: string; line: number } | undefined> {
  const whole = sql`
    with found as (
      select batch, line from entry where key_index = any(${entryIndexes})
      union select batch, line from source_record where key_index = any(${sourceIndexes}))
    select f.batch, f.line from found f join batch b on b.id = f.batch order by b.receipt_order desc limit 1`
  const places = {
    entry: 'select batch, line, key_index from public.entry where key_index = any($1)',
    source_record: 'select batch, line, key_index from public.source_record where key_index = any($2)',
  }
  const { rows } = await db.query<{ batch: string; line: number }>(gatheredFirst(whole, places))
  return rows[0]
}

/** The subjects of the source records that came in these entries. */
export async function selectEntrySubjects(
  db: Db,
  entries: readonly { batch: string; line: number }[],
  limit: number,
): Promise<EntrySubject[]> {
  const whole = sql`
    select s.id, s.level, s.version, s.merged_into as "mergedInto", s.family, (
      select json_build_object('status', r.status, 'version', r.version, 'asOf', r.as_of, 'reason', r.reason, 'appliedAt', r.applied_at)
      from subject_result r where r.subject = s.id and r.overtaken_at is null) as result
    from (
      select distinct r.subject
      from unnest(${entries.map(({ batch }) => batch)}::text[], ${entries.map(({ line }) => line)}::integer[]) as g(batch, line)
      join source_record r on r.batch = g.batch and r.line = g.line) of
    join subject s on s.id = of.subject order by s.level desc, s.id limit ${limit}`
  const records = {
    source_record: `select r.batch, r.line, r.subject from public.source_record r
      join unnest($1::text[], $2::integer[]) as g(batch, line) using (batch, line)`,
    subject: `select id, level, version, merged_into, family from public.subject
      where id in (select subject from source_record)`,
  }
  const { rows } = await db.query<EntrySubject>(gatheredFirst(whole, records))
  return rows
}

/** A subject and the last that BPS said of it; undefined where there is none of this id. */
export async function selectSubject(db: Db, id: string): Promise<EntrySubject | undefined> {
  const { rows } = await db.query<EntrySubject>(
    gatheredFirst(
      sql`
    select s.id, s.level, s.version, s.merged_into as "mergedInto", s.family, (
      select json_build_object('status', r.status, 'version', r.version, 'asOf', r.as_of, 'reason', r.reason, 'appliedAt', r.applied_at)
      from subject_result r where r.subject = s.id and r.overtaken_at is null) as result
    from subject s where s.id = ${id}`,
      { subject: `select id, level, version, merged_into, family from public.subject where id = $1` },
    ),
  )
  return rows[0]
}

/** The source records of a subject, by platform. */
export async function selectSubjectSources(db: Db, id: string, limit: number): Promise<SubjectSource[]> {
  const { rows } = await db.query<SubjectSource>(sql`
    select platform, dataset, batch, line, former from source_record where subject = ${id}
    order by platform, dataset, receipt_order limit ${limit}`)
  return rows
}
