import type { PoolClient } from 'pg'
import type { BatchId, FamilyId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import { readRecordsByKey } from './source.sql.ts'
import type { StoredRecord } from './source-record.ts'
import type { IdentifierKind, Index } from './subject.ts'

/** A stored record with the place where its latest state came from. */
export type PlacedRecord = StoredRecord & { batch: BatchId; line: number; receiptOrder: string }

/** The records of these keys, with where each came from; those that are gone are left out. */
export async function readPlacedRecords(db: Db, keys: readonly Index[]): Promise<PlacedRecord[]> {
  const records = await readRecordsByKey(db, keys)
  const whole = sql`
    select given.key, s.batch, s.line, s.receipt_order as "receiptOrder"
    from unnest(${keys}::text[]) as given(key)
    cross join lateral (
      select r.batch, r.line, r.receipt_order from source_record r
      where r.key_index = decode(given.key, 'hex') offset 0) s`
  const distributed = () => sql`
    select encode(key_index, 'hex') as key, batch, line, receipt_order as "receiptOrder"
    from source_record where key_index = any(${keys.map((key) => Buffer.from(key, 'hex'))}::bytea[])`
  const { rows } = await db.query<{ key: Index; batch: BatchId; line: number; receiptOrder: string }>(
    either(whole, distributed),
  )
  const places = new Map(rows.map((row) => [row.key, row]))
  return records.flatMap((record) => {
    const place = places.get(record.key)
    return place === undefined ? [] : [{ ...record, ...place }]
  })
}

/** The keys of the records whose latest state came from these entries. */
export async function readKeysAt(
  db: Db,
  places: readonly { batch: BatchId; line: number }[],
): Promise<{ batch: BatchId; line: number; key: Index }[]> {
  if (places.length === 0) return []
  const [batches, lines] = [places.map(({ batch }) => batch), places.map(({ line }) => line)]
  const whole = sql`
    select given.batch, given.line, encode(s.key_index, 'hex') as key
    from unnest(${batches}::text[], ${lines}::integer[]) as given(batch, line)
    cross join lateral (
      select r.key_index from source_record r where r.batch = given.batch and r.line = given.line offset 0) s`
  const distributed = () => sql`
    select r.batch, r.line, encode(r.key_index, 'hex') as key
    from unnest(${batches}::text[], ${lines}::integer[]) as given(batch, line) join source_record r using (batch, line)`
  const { rows } = await db.query<{ batch: BatchId; line: number; key: Index }>(either(whole, distributed))
  return rows
}

/** Whether any record is stored, or was withdrawn, under one of these keys. */
export async function isRecordKnown(db: Db, keys: readonly Index[]): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>(sql`
    select exists (select from unnest(${keys}::text[]) as given(key)
        join source_record r on r.key_index = decode(given.key, 'hex'))
      or exists (select from unnest(${keys}::text[]) as given(key)
        join withdrawal_target t on t.record_index = decode(given.key, 'hex')) as known`)
  return rows[0]?.known ?? false
}

/** Whether any record is stored under one of these keys. */
export async function isRecordStored(db: Db, keys: readonly Index[]): Promise<boolean> {
  const { rows } = await db.query<{ stored: boolean }>(sql`
    select exists (select from unnest(${keys}::text[]) as given(key)
      join source_record r on r.key_index = decode(given.key, 'hex')) as stored`)
  return rows[0]?.stored ?? false
}

/** Deletes source records, and what is known of conflicts of their keys. */
export async function deleteSources(tx: PoolClient, keys: readonly Index[]): Promise<void> {
  if (keys.length === 0) return
  await tx.query(sql`
    delete from source_record s using unnest(${keys}::text[]) as d(key) where s.key_index = decode(d.key, 'hex')`)
  await tx.query(sql`
    delete from key_conflict c using unnest(${keys}::text[]) as d(key) where c.key_index = decode(d.key, 'hex')`)
}

/** How many persons' records name each of these families; one more than `most` at most. Families that nobody names are left out. */
export async function countMembers(
  db: Db,
  families: readonly FamilyId[],
  most: number,
): Promise<Map<FamilyId, number>> {
  if (families.length === 0) return new Map()
  const whole = sql`
    select given.family, count(*)::integer as members
    from unnest(${families}::text[]) as given(family)
    cross join lateral (select from source_record r where r.family = given.family limit ${most + 1}) m
    group by given.family`
  const distributed = () => sql`
    select family, least(count(*), ${most + 1})::integer as members
    from source_record where family = any(${families}::text[]) group by family`
  const { rows } = await db.query<{ family: FamilyId; members: number }>(either(whole, distributed))
  return new Map(rows.map(({ family, members }) => [family, members]))
}

/** Lets these indexes lead to their families no more; says which kinds went. */
export async function deleteIdentifiers(
  tx: PoolClient,
  identifiers: readonly { family: FamilyId; index: Index }[],
): Promise<{ family: FamilyId; kind: IdentifierKind }[]> {
  if (identifiers.length === 0) return []
  const { rows } = await tx.query<{ family: FamilyId; kind: IdentifierKind }>(sql`
    delete from identifier i
    using unnest(${identifiers.map(({ index }) => index)}::text[], ${identifiers.map(({ family }) => family)}::text[])
      as d(index, family)
    where i.index = decode(d.index, 'hex') and i.subject = d.family
    returning i.subject as family, i.kind`)
  return rows
}

/** Ends subjects that no record is left of: the version is the next one, and nothing leads to them. */
export async function withdrawSubjects(tx: PoolClient, ids: readonly SubjectId[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(sql`delete from identifier where subject = any(${ids}::text[])`)
  await tx.query(sql`
    update subject s
    set version = s.version + 1, golden_hash = '', family = null, region_hash = null, card_count = 0,
      withdrawn_at = now()
    from unnest(${ids}::text[]) as d(id) where s.id = d.id`)
}

/** A person's record that names a family, as far as it is needed to say whether anybody still does. */
export type NamingRecord = { key: Index; family: FamilyId; platform: string; dataset: string }

/** The persons' records that name these families; of each family so many at most. */
export async function readMemberSources(db: Db, families: readonly FamilyId[], most = 2000): Promise<NamingRecord[]> {
  if (families.length === 0) return []
  const whole = sql`
    select encode(m.key_index, 'hex') as key, given.family, m.platform, m.dataset
    from unnest(${families}::text[]) as given(family)
    cross join lateral (
      select key_index, platform, dataset from source_record r where r.family = given.family limit ${most}) m`
  const distributed = () => sql`
    select key, family, platform, dataset
    from (
      select encode(key_index, 'hex') as key, family, platform, dataset, row_number() over (partition by family) as place
      from source_record where family = any(${families}::text[])) m
    where place <= ${most}`
  const { rows } = await db.query<NamingRecord>(either(whole, distributed))
  return rows
}
