import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { UnmergeOpinion } from './four-eyes.ts'

/** The opinion that waits for a second steward, if there is one. */
export async function readUnmergeOpinion(db: Db, person: SubjectId): Promise<UnmergeOpinion | undefined> {
  const { rows } = await db.query<UnmergeOpinion>(sql`
    select array(select encode(key, 'hex') from unnest(leaving) as l(key) order by key) as leaving, opinion_by as by, at
    from unmerge_opinion where person = ${person}`)
  return rows[0]
}

/** Keeps an opinion in place of an earlier one; the reason is sealed. */
export async function saveUnmergeOpinion(
  tx: PoolClient,
  { person, leaving, by, reason }: { person: SubjectId; leaving: readonly Index[]; by: string; reason: string },
): Promise<void> {
  await tx.query(sql`
    insert into unmerge_opinion (person, leaving, opinion_by, reason)
    select ${person}, array(select decode(key, 'hex') from unnest(${[...leaving]}::text[]) as l(key)), ${by}, ${reason}
    on conflict (person) do update
    set leaving = excluded.leaving, opinion_by = excluded.opinion_by, reason = excluded.reason, at = now()`)
}

export async function deleteUnmergeOpinion(tx: PoolClient, person: SubjectId): Promise<void> {
  await tx.query(sql`delete from unmerge_opinion where person = ${person}`)
}
