import type { FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Above the random part of every id: its alphabet has no sign behind z. */
const LAST = 'z'.repeat(26)

/** Subjects of one level of which a platform holds a record, after one, in the order of their ids. */
export async function readSubjectsOfPlatform(
  db: Db,
  platform: string,
  level: 'keluarga' | 'individu',
  after: string,
  limit: number,
): Promise<SubjectId[]> {
  const [first, last] = level === 'keluarga' ? ['fam_', `fam_${LAST}`] : ['per_', `per_${LAST}`]
  const { rows } = await db.query<{ subject: SubjectId }>(sql`
    select distinct subject from source_record
    where platform = ${platform} and subject > ${after > first ? after : first} and subject <= ${last}
    order by subject limit ${limit}`)
  return rows.map(({ subject }) => subject)
}

/**
 * Families of which a platform holds no record but those of persons: each is found by the first of its persons that the
 * platform holds. `persons` are a page of the platform's persons.
 */
export async function readFamiliesOfPersonsAlone(
  db: Db,
  platform: string,
  persons: readonly SubjectId[],
): Promise<FamilyId[]> {
  if (persons.length === 0) return []
  const { rows } = await db.query<{ family: FamilyId }>(sql`
    select p.family from unnest(${persons}::text[]) as given(id) join subject p on p.id = given.id
    where p.family is not null
      and not exists (select 1 from source_record f where f.subject = p.family and f.platform = ${platform})
      and not exists (
        select 1 from subject q join source_record r on r.subject = q.id
        where q.family = p.family and q.id < p.id and q.merged_into is null and r.platform = ${platform})
    order by p.family`)
  return rows.map(({ family }) => family)
}

/** The families of persons, as last delivered; a person without one is left out. */
export async function readFamiliesOf(
  db: Db,
  persons: readonly SubjectId[],
): Promise<{ person: SubjectId; family: FamilyId }[]> {
  if (persons.length === 0) return []
  const { rows } = await db.query<{ person: SubjectId; family: FamilyId }>(sql`
    select p.id as person, p.family from unnest(${persons}::text[]) as given(id) join subject p on p.id = given.id
    where p.family is not null`)
  return rows
}

/** The persons of families, as last delivered; of a family (a home, a barracks) few more than `most`. */
export async function readPersonsOf(
  db: Db,
  families: readonly FamilyId[],
  most: number,
): Promise<{ person: PersonId; family: FamilyId }[]> {
  if (families.length === 0) return []
  const { rows } = await db.query<{ person: PersonId; family: FamilyId }>(sql`
    select m.id as person, given.family
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select p.id from subject p where p.family = given.family and p.merged_into is null order by p.id limit ${most + 1}) m
    order by given.family, m.id`)
  return rows
}
