import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { StoredRecord } from './source-record.ts'
import type { Index, Subject } from './subject.ts'

const COLUMNS = `encode(s.key_index, 'hex') as key, s.subject, s.platform, s.dataset,
  encode(s.content_hash, 'hex') as content, s.family, s.former, s.sealed`

/** Source records by their key indexes; those that are gone are left out. */
export async function readRecordsByKey(db: Db, keys: readonly Index[]): Promise<StoredRecord[]> {
  if (keys.length === 0) return []
  const whole = {
    text: `select ${COLUMNS} from unnest($1::text[]) as given(key)
     cross join lateral (
       select r.key_index, r.subject, r.platform, r.dataset, r.content_hash, r.family, r.former, r.sealed
       from source_record r where r.key_index = decode(given.key, 'hex') offset 0) s`,
    values: [keys],
  }
  const distributed = () => ({
    text: `select ${COLUMNS} from source_record s where s.key_index = any($1::bytea[])`,
    values: [keys.map((key) => Buffer.from(key, 'hex'))],
  })
  const { rows } = await db.query<StoredRecord>(either(whole, distributed))
  return rows
}

/** The source records of subjects. */
export async function readSources(db: Db, subjects: readonly SubjectId[]): Promise<StoredRecord[]> {
  if (subjects.length === 0) return []
  const { rows } = await db.query<StoredRecord>(
    `select ${COLUMNS} from unnest($1::text[]) as given(subject) join source_record s using (subject)`,
    [subjects],
  )
  return rows
}

/** The members of families, as their records name them; of one with more than `most` (a home, a barracks) none. */
export async function readMemberKeys(
  db: Db,
  families: readonly FamilyId[],
  most: number,
): Promise<{ family: FamilyId; keys: Index[] }[]> {
  if (families.length === 0) return []
  const whole = sql`
    select given.family, array_agg(encode(s.key_index, 'hex')) as keys
    from unnest(${families}::text[]) as given(family)
    cross join lateral (select key_index from source_record r where r.family = given.family limit ${most + 1}) s
    group by given.family having count(*) <= ${most}`
  const distributed = () => sql`
    select family, array_agg(encode(key_index, 'hex')) as keys
    from source_record where family = any(${families}::text[]) group by family having count(*) <= ${most}`
  const { rows } = await db.query<{ family: FamilyId; keys: Index[] }>(either(whole, distributed))
  return rows
}

/** The source records of the persons whose golden record names one of these families; of each family few more than `most` persons. */
export async function readMembersOf(db: Db, families: readonly FamilyId[], most: number): Promise<StoredRecord[]> {
  if (families.length === 0) return []
  const values = [families, most + 1]
  const whole = {
    text: `select ${COLUMNS} from unnest($1::text[]) as given(family)
     cross join lateral (
       select p.id from subject p where p.family = given.family and p.merged_into is null limit $2) m
     join source_record s on s.subject = m.id`,
    values,
  }
  const distributed = () => ({
    text: `with members as materialized (
       select id from (
         select id, row_number() over (partition by family) as place
         from subject where family = any($1::text[]) and merged_into is null) p
       where place <= $2)
     select ${COLUMNS} from members m join source_record s on s.subject = m.id`,
    values,
  })
  const { rows } = await db.query<StoredRecord>(either(whole, distributed))
  return rows
}

/** Those of these subjects that a merge ended: they are redirects now. */
export async function readFormerSubjects(db: Db, ids: readonly SubjectId[]): Promise<Subject[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<Subject>(sql`
    select id, level, version, encode(golden_hash, 'hex') as hash, family, card_count as "cardCount",
      coalesce(encode(region_hash, 'hex'), '') as region,
      false as "isNew"
    from unnest(${ids}::text[]) as given(id) join subject using (id) where merged_into is not null`)
  return rows
}

/** The id that a subject goes by now. */
export async function followRedirects(db: Db, id: SubjectId): Promise<SubjectId> {
  const { rows } = await db.query<{ id: SubjectId }>(sql`
    select coalesce(merged_into, id) as id from subject where id = ${id}`)
  return rows[0]?.id ?? id
}

/** Persons' source records after a key index, in the order of their indexes. */
export async function personRecordsAfter(db: Db, after: Index, limit: number): Promise<StoredRecord[]> {
  const { rows } = await db.query<StoredRecord>(
    `select ${COLUMNS} from source_record s
     where s.key_index > decode($1, 'hex') and s.subject like 'per_%' order by s.key_index limit $2`,
    [after, limit],
  )
  return rows
}

/** The key indexes of persons' source records after one, in their order. */
export async function personKeysAfter(db: Db, after: Index, limit: number): Promise<Index[]> {
  const { rows } = await db.query<{ key: Index }>(sql`
    select encode(key_index, 'hex') as key from source_record
    where key_index > decode(${after}, 'hex') and subject like 'per\\_%' order by key_index limit ${limit}`)
  return rows.map(({ key }) => key)
}

/** How many source records of persons there are, of one platform where one is named. */
export async function countPersonRecords(db: Db, platform: string | null = null): Promise<number> {
  const { rows } = await db.query<{ records: number }>(sql`
    select count(*)::integer as records from source_record
    where subject like 'per\\_%' and (${platform}::text is null or platform = ${platform})`)
  return rows[0]?.records ?? 0
}

/** The ids that subjects go by now; who is not known is left out. */
export async function readLivingIds(db: Db, ids: readonly SubjectId[]): Promise<{ id: SubjectId; now: SubjectId }[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<{ id: SubjectId; now: SubjectId }>(sql`
    select id, coalesce(merged_into, id) as now from unnest(${ids}::text[]) as given(id) join subject using (id)`)
  return rows
}

/** The platforms that hold source records of subjects. */
export async function readHolders(
  db: Db,
  subjects: readonly SubjectId[],
): Promise<{ platform: string; subject: SubjectId }[]> {
  if (subjects.length === 0) return []
  const { rows } = await db.query<{ platform: string; subject: SubjectId }>(sql`
    select distinct s.platform, s.subject from unnest(${subjects}::text[]) as given(subject) join source_record s using (subject)`)
  return rows
}

/** The subjects whose records came in these batches, by their latest state. */
export async function readSubjectsOfBatches(db: Db, batches: readonly string[]): Promise<SubjectId[]> {
  if (batches.length === 0) return []
  const { rows } = await db.query<{ subject: SubjectId }>(sql`
    select distinct subject from source_record where batch = any(${batches}::text[])`)
  return rows.map(({ subject }) => subject)
}

/** These families, and the persons whose records name one of them. */
export async function readWithMembers(db: Db, families: readonly string[]): Promise<SubjectId[]> {
  if (families.length === 0) return []
  const { rows } = await db.query<{ subject: SubjectId }>(sql`
    select id as subject from subject where id = any(${families}::text[])
    union
    select subject from source_record where family = any(${families}::text[])`)
  return rows.map(({ subject }) => subject)
}
