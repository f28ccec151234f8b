import type { PoolClient } from 'pg'
import type { ListId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Listed, ListPart } from './stored-list.ts'
import type { VillageCount } from './tally.ts'

/** A page of one part of a list, after a subject, in the order of ids. */
export async function readListed(
  db: Db,
  { id, previous }: { id: ListId; previous: ListId | null },
  part: ListPart,
  after: string,
  limit: number,
): Promise<Listed[]> {
  if (part === 'gone') {
    const { rows } = await db.query<Listed>(sql`
      select b.subject, v.verdict, b.verdict as before
      from programme_verdict b left join programme_verdict v on v.list = ${id} and v.subject = b.subject
      where b.list = ${previous} and b.verdict = 'candidate' and v.verdict is distinct from 'candidate' and b.subject > ${after}
      order by b.subject limit ${limit}`)
    return rows
  }
  const verdict = part === 'undecided' ? 'undecided' : 'candidate'
  const { rows } = await db.query<Listed>(sql`
    select v.subject, v.verdict, b.verdict as before
    from programme_verdict v left join programme_verdict b on b.list = ${previous} and b.subject = v.subject
    where v.list = ${id} and v.verdict = ${verdict} and v.subject > ${after}
      and (${part} <> 'added' or (${previous}::text is not null and b.verdict is distinct from 'candidate'))
    order by v.subject limit ${limit}`)
  return rows
}

/** Adds what a page counted to the villages of a list. */
export async function addVillages(tx: PoolClient, list: ListId, counts: readonly VillageCount[]): Promise<void> {
  if (counts.length === 0) return
  const of = <K extends keyof VillageCount>(key: K) => counts.map((count) => count[key])
  await tx.query(sql`
    insert into programme_list_village as v (list, village, residents, candidates, undecided)
    select ${list}, village, residents, candidates, undecided
    from unnest(${of('village')}::text[], ${of('residents')}::integer[], ${of('candidates')}::integer[],
      ${of('undecided')}::integer[]) as found(village, residents, candidates, undecided)
    on conflict (list, village) do update set residents = v.residents + excluded.residents,
      candidates = v.candidates + excluded.candidates, undecided = v.undecided + excluded.undecided`)
}

/** The counts of every village of a list, by code. */
export async function readVillages(db: Db, list: ListId): Promise<VillageCount[]> {
  const { rows } = await db.query<VillageCount>(sql`
    select village, residents, candidates, undecided from programme_list_village where list = ${list} order by village`)
  return rows
}

/** Everybody who stands on some lists, as a candidate or undecided. */
export async function subjectsOnLists(db: Db, lists: readonly string[]): Promise<SubjectId[]> {
  if (lists.length === 0) return []
  const { rows } = await db.query<{ subject: SubjectId }>(sql`
    select distinct subject from programme_verdict where list = any(${lists}::text[])`)
  return rows.map(({ subject }) => subject)
}
