import type { FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { StoredRecord } from './source-record.ts'

// Each of these looks a page up among millions of rows. As plain joins the planner reads the tables whole (a page of 500 persons
// among 80,000 records: 1,000 ms); `lateral ... offset 0` makes it look each up by its index (12 ms).

/** Above the random part of every id: its alphabet has no sign behind z. */
const LAST = 'z'.repeat(26)

type ResidentRecord = Pick<StoredRecord, 'key' | 'subject' | 'platform' | 'dataset' | 'sealed'>

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
  const whole = sql`
    select p.family from unnest(${persons}::text[]) as given(id)
    cross join lateral (select family from subject where id = given.id and family is not null offset 0) p
    cross join lateral (
      select not exists (select 1 from source_record f where f.subject = p.family and f.platform = ${platform} offset 0)
        as is_alone offset 0) f
    cross join lateral (
      select min(q.id) as first
      from subject q
      cross join lateral (
        select 1 from source_record r where r.subject = q.id and r.platform = ${platform} limit 1) r
      where f.is_alone and q.family = p.family and q.merged_into is null offset 0) m
    where f.is_alone and m.first = given.id
    order by p.family`
  const distributed = () => sql`
    with asked as materialized (
      select id, family from subject where id = any(${persons}::text[]) and family is not null),
    own as materialized (
      select distinct subject from source_record
      where platform = ${platform} and subject in (select family from asked)),
    member as materialized (
      select id, family from subject where family in (select family from asked) and merged_into is null),
    held as materialized (
      select distinct subject from source_record
      where platform = ${platform} and subject in (select id from member))
    select asked.family
    from asked join (
      select family, min(id) as first from member where id in (select subject from held) group by family) m
      on m.family = asked.family and m.first = asked.id
    where asked.family not in (select subject from own)
    order by asked.family`
  const { rows } = await db.query<{ family: FamilyId }>(either(whole, distributed))
  return rows.map(({ family }) => family)
}

/** The families of persons, as last delivered; a person without one is left out. */
export async function readFamiliesOf(
  db: Db,
  persons: readonly SubjectId[],
): Promise<{ person: SubjectId; family: FamilyId }[]> {
  if (persons.length === 0) return []
  const whole = sql`
    select given.id as person, p.family from unnest(${persons}::text[]) as given(id)
    cross join lateral (select family from subject where id = given.id and family is not null offset 0) p`
  const distributed = () => sql`
    select id as person, family from subject where id = any(${persons}::text[]) and family is not null`
  const { rows } = await db.query<{ person: SubjectId; family: FamilyId }>(either(whole, distributed))
  return rows
}

/** The persons of families, as last delivered; of a family (a home, a barracks) few more than `most`. */
export async function readPersonsOf(
  db: Db,
  families: readonly FamilyId[],
  most: number,
): Promise<{ person: PersonId; family: FamilyId }[]> {
  if (families.length === 0) return []
  const whole = sql`
    select m.id as person, given.family
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select p.id from subject p where p.family = given.family and p.merged_into is null order by p.id limit ${most + 1}) m
    order by given.family, m.id`
  const distributed = () => sql`
    select person, family
    from (
      select id as person, family, row_number() over (partition by family order by id) as place
      from subject where family = any(${families}::text[]) and merged_into is null) m
    where place <= ${most + 1}
    order by family, person`
  const { rows } = await db.query<{ person: PersonId; family: FamilyId }>(either(whole, distributed))
  return rows
}

/** The source records of subjects. */
export async function readSourcesByIndex(db: Db, subjects: readonly SubjectId[]): Promise<ResidentRecord[]> {
  if (subjects.length === 0) return []
  const whole = sql`
    select s.key, given.subject, s.platform, s.dataset, s.sealed
    from unnest(${subjects}::text[]) as given(subject)
    cross join lateral (
      select encode(r.key_index, 'hex') as key, r.platform, r.dataset, r.sealed
      from source_record r where r.subject = given.subject offset 0) s`
  const distributed = () => sql`
    select encode(key_index, 'hex') as key, subject, platform, dataset, sealed
    from source_record where subject = any(${subjects}::text[])`
  const { rows } = await db.query<ResidentRecord>(either(whole, distributed))
  return rows
}
