import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { Subject } from './subject.ts'

/** A subject that BPS was told of, and the present id of a person's family. */
export type ToldSubject = Pick<Subject, 'level' | 'version'> & { id: SubjectId; family: FamilyId | null }

/** The living subjects after an id that BPS was told of, in the order of their ids. */
export async function toldSubjectsAfter(db: Db, after: string, limit: number): Promise<ToldSubject[]> {
  const { rows } = await db.query<ToldSubject>(sql`
    select s.id, s.level, s.version, coalesce(f.merged_into, s.family) as family
    from (select id, level, version, family from subject
      where id > ${after} and merged_into is null and version > 0 order by id limit ${limit}) s
    left join subject f on f.id = s.family order by s.id`)
  return rows
}

/** Which of these families a living person belongs to. */
export async function namedFamilies(db: Db, families: readonly SubjectId[]): Promise<SubjectId[]> {
  if (families.length === 0) return []
  const whole = sql`
    select id from unnest(${families}::text[]) as given(id)
    where exists (select from subject p where p.family = given.id and p.merged_into is null)`
  const distributed = () => sql`
    select distinct family as id from subject where family = any(${families}::text[]) and merged_into is null`
  const { rows } = await db.query<{ id: SubjectId }>(either(whole, distributed))
  return rows.map(({ id }) => id)
}
