import type { PoolClient } from 'pg'
import type { FamilyId, RestrictionId } from '../../../domain/ids.ts'
import type { Db } from '../../../io/postgres/postgres.ts'
import { sql } from '../../../io/postgres/sql.ts'
import { either } from '../../../io/postgres/table-form.ts'
import type { StoredRecord } from '../source-record.ts'
import type { RestrictedName } from './restricted.ts'

/** Of one family so many records are looked at: a larger one (a home, a barracks) has no head. */
const MOST_MEMBERS = 100

/** Keeps by which names a person is known whose data is restricted. */
export async function insertRestricted(
  tx: PoolClient,
  restriction: RestrictionId,
  names: readonly string[],
  numbered: boolean,
): Promise<void> {
  await tx.query(sql`
    insert into restricted (name, restriction, numbered)
    select given.name, ${restriction}, ${numbered} from unnest(${names}::text[]) as given(name)
    on conflict (name, restriction) do nothing`)
}

/** Forgets the names of a restriction: it is lifted. */
export async function deleteRestricted(tx: PoolClient, restriction: RestrictionId): Promise<void> {
  await tx.query(sql`delete from restricted where restriction = ${restriction}`)
}

/** Whether the data of anybody is restricted: else nothing is looked up. */
export async function isAnybodyRestricted(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`select exists (select from restricted) as any`)
  return rows[0]?.any ?? false
}

/** Those of these names that are of restricted persons. A name of two restrictions is numbered only if it is so in both. */
export async function lookUpRestricted(db: Db, names: readonly string[]): Promise<RestrictedName[]> {
  if (names.length === 0) return []
  const { rows } = await db.query<RestrictedName>(sql`
    select r.name, bool_and(r.numbered) as numbered
    from unnest(${names}::text[]) as given(name) join restricted r using (name) group by r.name`)
  return rows
}

/** A record that names a family. */
export type RecordNaming = Pick<StoredRecord, 'key' | 'subject' | 'platform' | 'sealed'> & { family: FamilyId }

/** Records that name one of these families. */
export async function readRecordsNaming(db: Db, families: readonly FamilyId[]): Promise<RecordNaming[]> {
  if (families.length === 0) return []
  const whole = sql`
    select encode(m.key_index, 'hex') as key, m.subject, m.platform, m.sealed, given.family
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select key_index, subject, platform, sealed from source_record r where r.family = given.family limit ${MOST_MEMBERS}) m`
  const distributed = () => sql`
    with member as materialized (
      select key_index, subject, platform, sealed, family, row_number() over (partition by family) as place
      from source_record where family = any(${families}::text[]))
    select encode(key_index, 'hex') as key, subject, platform, sealed, family from member where place <= ${MOST_MEMBERS}`
  const { rows } = await db.query<RecordNaming>(either(whole, distributed))
  return rows
}
