import type { PoolClient } from 'pg'
import type { FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import { waitForCommits } from '../../io/postgres/commits.db.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { KeyRow } from './key-row.ts'
import type { Index, Subject } from './subject.ts'

/**
 * Takes the subjects' lock: one transaction at a time changes the subjects, so two workers never make two subjects of one person,
 * and never deadlock.
 */
export async function lockSubjects(tx: PoolClient): Promise<void> {
  await preferIndexes(tx)
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian link'))`)
  await waitForCommits(tx)
}

/**
 * Makes the planner use indexes until the transaction ends: a chunk touches thousands of rows among millions, and with stale
 * statistics the planner read half a million rows to join 9,000.
 */
export async function preferIndexes(tx: PoolClient): Promise<void> {
  const here = sql`
    select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true)`
  // What is set by a function stays on the coordinator; joins there are of what workers gave, and have no indexes.
  await tx.query(either(here, () => sql`set local enable_seqscan = off`))
}

/** Which keys are known, and how they stand. `at` is the place in the list given. */
export async function lookUpKeys(db: Db, keys: readonly Index[], contents: readonly Index[]): Promise<KeyRow[]> {
  const whole = sql`
    with given as materialized (
      select at, substring(${pack(keys)}::bytea from at * 16 + 1 for 16) as key,
        substring(${pack(contents)}::bytea from at * 16 + 1 for 16) as content
      from generate_series(0, ${keys.length - 1}::integer) as at
    ), known as materialized (
      select g.at, g.key, g.content <> s.content_hash as is_changed, s.subject, s.content_hash, s.receipt_order, s.batch, s.line,
        case when g.content <> s.content_hash then s.sealed end as sealed
      from given g cross join lateral (
        select r.subject, r.content_hash, r.receipt_order, r.batch, r.line, r.sealed
        from source_record r where r.key_index = g.key offset 0) s
    )
    select k.at,
      case when is_changed then k.subject end as subject,
      case when is_changed then encode(k.content_hash, 'hex') end as content,
      case when is_changed then k.receipt_order end as "receiptOrder",
      case when is_changed then k.batch end as batch,
      case when is_changed then k.line end as line,
      k.sealed,
      t.batch as "conflictBatch", t.line as "conflictLine"
    from known k left join key_conflict t on t.key_index = k.key`
  const distributed = () => sql`
    select g.at,
      case when g.content <> s.content_hash then s.subject end as subject,
      case when g.content <> s.content_hash then encode(s.content_hash, 'hex') end as content,
      case when g.content <> s.content_hash then s.receipt_order end as "receiptOrder",
      case when g.content <> s.content_hash then s.batch end as batch,
      case when g.content <> s.content_hash then s.line end as line,
      case when g.content <> s.content_hash then s.sealed end as sealed,
      t.batch as "conflictBatch", t.line as "conflictLine"
    from (
      select at, substring(${pack(keys)}::bytea from at * 16 + 1 for 16) as key,
        substring(${pack(contents)}::bytea from at * 16 + 1 for 16) as content
      from generate_series(0, ${keys.length - 1}::integer) as at) g
    join source_record s on s.key_index = g.key left join key_conflict t on t.key_index = s.key_index`
  const { rows } = await db.query<KeyRow>(either(whole, distributed))
  return rows
}

/** Which subjects the indexes lead to. */
export async function lookUpIdentifiers(
  db: Db,
  indexes: readonly Index[],
): Promise<{ index: Index; subject: SubjectId }[]> {
  if (indexes.length === 0) return []
  const { rows } = await db.query<{ at: number; subject: SubjectId }>(sql`
    select g.at, i.subject
    from (select at, substring(${pack(indexes)}::bytea from at * 16 + 1 for 16) as index
      from generate_series(0, ${indexes.length - 1}::integer) as at) g
    join identifier i on i.index = g.index`)
  return rows.map(({ at, subject }) => ({ index: indexes[at] ?? '', subject }))
}

/** The indexes of families' cards and households; for each family one more than `most` at most. */
export async function readNamesOfFamilies(
  db: Db,
  families: readonly FamilyId[],
  most: number,
): Promise<{ family: FamilyId; index: Index }[]> {
  if (families.length === 0) return []
  const whole = sql`
    select given.family, encode(i.index, 'hex') as index
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select n.index from identifier n where n.subject = given.family and n.kind in ('kk', 'household')
      limit ${most + 1}) i`
  const distributed = () => sql`
    select n.family, encode(n.index, 'hex') as index
    from (
      select i.subject as family, i.index, row_number() over (partition by i.subject) as place
      from identifier i where i.subject = any(${families}::text[]) and i.kind in ('kk', 'household')) n
    where n.place <= ${most + 1}`
  const { rows } = await db.query<{ family: FamilyId; index: Index }>(either(whole, distributed))
  return rows
}

export async function readSubjectsById(db: Db, ids: readonly SubjectId[]): Promise<Subject[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<Subject>(sql`
    select id, level, version, encode(golden_hash, 'hex') as hash, family, card_count as "cardCount",
      coalesce(encode(region_hash, 'hex'), '') as region,
      false as "isNew"
    from unnest(${ids}::text[]) as given(id) join subject using (id)`)
  return rows
}

/** The persons who were told as members of these families and whose own records do not say where they live. */
export async function readPlacedByFamily(
  db: Db,
  families: readonly FamilyId[],
): Promise<{ id: PersonId; family: FamilyId }[]> {
  if (families.length === 0) return []
  const whole = sql`
    select s.id, given.family
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select p.id from subject p
      where p.family = given.family and p.region_hash is null and p.merged_into is null offset 0) s`
  const distributed = () => sql`
    select id, family from subject
    where family = any(${families}::text[]) and region_hash is null and merged_into is null`
  const { rows } = await db.query<{ id: PersonId; family: FamilyId }>(either(whole, distributed))
  return rows
}

/** The subjects that were found to be one of these, and which. */
export async function readMerged(
  db: Db,
  subjects: readonly SubjectId[],
): Promise<{ id: SubjectId; into: SubjectId }[]> {
  if (subjects.length === 0) return []
  const { rows } = await db.query<{ id: SubjectId; into: SubjectId }>(sql`
    select id, merged_into as into
    from unnest(${subjects}::text[]) as given(id_into) join subject on merged_into = id_into`)
  return rows
}

/** Many indexes as one value: an array of bytea would be sent as text, thrice as long and parsed item by item. */
function pack(indexes: readonly Index[]): Buffer {
  return Buffer.from(indexes.join(''), 'hex')
}
