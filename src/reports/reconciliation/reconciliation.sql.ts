import type { PoolClient } from 'pg'
import type { Level } from '../../domain/entry.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { Quarter } from '../../domain/quarter.ts'
import type { ResultStatus } from '../../domain/results/result.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'
import type { StatedResult, StatusCount } from './lists.ts'

/** Whose records are reconciled: those of a platform and level, with the results of a quarter; `scope` are prefixes of BPS codes. */
export type Asked = { platform: string; scope: readonly string[]; level: Level; quarter: Quarter }

/** A record that was sent, with the latest result of its subject in the quarter. */
export type SentRow = {
  key: string
  subject: SubjectId
  dataset: string
  platform: string
  sealed: Buffer
  result: StatedResult | null
}

/** Where a page of records ended. */
export type SentPlace = { subject: string; key: string }

/** A result in the quarter about a place in the scope, of whose subject the platform has no record. */
export type UnsentRow = StatedResult & { region: string; tie: string }

/** Where a page of such results ended. */
export type UnsentPlace = { region: string; tie: string }

// Ids of persons and of families begin so, and sort so.
const FIRST_ID = { individu: 'per_', keluarga: 'fam_' } as const

// Only a subject that was merged is known by another id. $1 to $4 are the days, the status and the level, $8 is the platform.
const REDIRECTS = { subject: 'select id, merged_into from public.subject where merged_into is not null' }
const SENT_OF_UNSENT = {
  ...REDIRECTS,
  source_record: `select subject, platform from public.source_record where platform = $8 and subject in (
    select coalesce(s.merged_into, r.subject) from subject_result r left join subject s on s.id = r.subject
    where r.as_of between $1 and $2 and r.status = $3 and r.level = $4)`,
}

/** Counts the records of a platform by the results of the quarter; it reads all of them once. */
export async function countSent(tx: PoolClient, asked: Asked): Promise<StatusCount[]> {
  const { rows } = await tx.query<StatusCount>(
    gatheredFirst(
      sql`
    with latest as (
      select distinct on (subject) subject, status, region
      from (
        select coalesce(s.merged_into, r.subject) as subject, r.status, r.region, r.as_of, r.receipt_order
        from subject_result r left join subject s on s.id = r.subject
        where r.as_of between ${asked.quarter.from} and ${asked.quarter.to} and r.level = ${asked.level}) living
      order by subject, as_of desc, receipt_order desc)
    select l.status, count(*)::integer as records,
      exists (select from unnest(${asked.scope}::text[]) as prefix where starts_with(l.region, prefix)) as within
    from source_record r left join latest l on l.subject = r.subject
    where r.platform = ${asked.platform} and starts_with(r.subject, ${FIRST_ID[asked.level]})
    group by 1, 3`,
      REDIRECTS,
    ),
  )
  return rows
}

/** The day (ISO) that the result which came last speaks of; undefined before the first. */
export async function selectLatestDay(db: Db): Promise<string | undefined> {
  const { rows } = await db.query<{ day: string }>(sql`
    select to_char(as_of, 'YYYY-MM-DD') as day from subject_result order by id desc limit 1`)
  return rows[0]?.day
}

/** How many subjects have several records in one dataset of the platform. */
export async function countDuplicates(tx: PoolClient, { platform, level }: Asked): Promise<number> {
  const { rows } = await tx.query<{ subjects: number }>(sql`
    select count(*)::integer as subjects
    from (
      select from source_record where platform = ${platform} and starts_with(subject, ${FIRST_ID[level]})
      group by subject, dataset having count(*) > 1) several`)
  return rows[0]?.subjects ?? 0
}

/** How many results of the quarter with this status are about a place in the scope, of somebody whom the platform did not send. */
export async function countUnsent(tx: PoolClient, asked: Asked, status: ResultStatus): Promise<number> {
  const { rows } = await tx.query<{ results: number }>(
    gatheredFirst(
      sql`
    select (
      select count(*) from subject_result r left join subject s on s.id = r.subject
      where r.as_of between ${asked.quarter.from} and ${asked.quarter.to} and r.status = ${status} and r.level = ${asked.level}
        and exists (select from unnest(${asked.scope}::text[]) p
          where r.region collate "C" >= p and r.region collate "C" < p || ':')
        and not exists (select from subject_result n where n.subject = r.subject
          and n.as_of between ${asked.quarter.from} and ${asked.quarter.to}
          and (n.as_of, n.receipt_order) > (r.as_of, r.receipt_order))
        and not exists (select from source_record o
          where o.platform = ${asked.platform} and o.subject = coalesce(s.merged_into, r.subject)))::integer
      + (
      select count(*) from result_stranger r
      where r.as_of between ${asked.quarter.from} and ${asked.quarter.to} and r.status = ${status} and r.level = ${asked.level}
        and exists (select from unnest(${asked.scope}::text[]) p
          where r.region collate "C" >= p and r.region collate "C" < p || ':'))::integer as results`,
      SENT_OF_UNSENT,
    ),
  )
  return rows[0]?.results ?? 0
}

/**
 * The next records of a platform in the order of subject and key, with the latest result of each subject in the quarter: whatever list
 * they are on, so that one page reads no more than `most` records.
 */
export async function readSent(db: Db, asked: Asked, after: SentPlace, most: number): Promise<SentRow[]> {
  const { rows } = await db.query<Omit<SentRow, 'result'> & { [Key in keyof StatedResult]: StatedResult[Key] | null }>(
    gatheredFirst(
      sql`
    with page as (
      select key_index, subject, dataset, platform, sealed from source_record
      where platform = ${asked.platform} and starts_with(subject, ${FIRST_ID[asked.level]})
        and (subject, key_index) > (${after.subject}, decode(${after.key}, 'hex'))
      order by subject, key_index limit ${most})
    select encode(p.key_index, 'hex') as key, p.subject, p.dataset, p.platform, p.sealed, l.status, l.reason, l.region,
      l.version, to_char(l.as_of, 'YYYY-MM-DD') as "asOf"
    from page p left join lateral (
      select r.status, r.reason, r.region, r.version, r.as_of from subject_result r
      where r.as_of between ${asked.quarter.from} and ${asked.quarter.to}
        and r.subject in (select p.subject union all select s.id from subject s where s.merged_into = p.subject)
      order by r.as_of desc, r.receipt_order desc limit 1) l on true
    order by p.subject, p.key_index`,
      {
        source_record: `select key_index, subject, dataset, platform, sealed from public.source_record
        where platform = $1 and starts_with(subject, $2) and (subject, key_index) > ($3, decode($4, 'hex'))
        order by subject, key_index limit $5`,
        subject: `select id, merged_into from public.subject where merged_into in (select subject from source_record)`,
      },
    ),
  )
  return rows.map(({ status, reason, region, version, asOf, ...record }) => ({
    ...record,
    result: status === null || version === null || asOf === null ? null : { status, reason, region, version, asOf },
  }))
}

/** The next results of the quarter that `countUnsent` counts, in the order of their regions. */
export async function readUnsent(
  db: Db,
  asked: Asked,
  { status, after, most }: { status: ResultStatus; after: UnsentPlace; most: number },
): Promise<UnsentRow[]> {
  const { rows } = await db.query<UnsentRow>(
    gatheredFirst(
      sql`
    select region, tie, status, reason, version, to_char(as_of, 'YYYY-MM-DD') as "asOf"
    from (
      select r.region collate "C" as region, 'r' || lpad(r.id::text, 19, '0') as tie, r.status, r.reason, r.version, r.as_of
      from subject_result r left join subject s on s.id = r.subject
      where r.as_of between ${asked.quarter.from} and ${asked.quarter.to} and r.status = ${status} and r.level = ${asked.level}
        and exists (select from unnest(${asked.scope}::text[]) p
          where r.region collate "C" >= p and r.region collate "C" < p || ':')
        and not exists (select from subject_result n where n.subject = r.subject
          and n.as_of between ${asked.quarter.from} and ${asked.quarter.to}
          and (n.as_of, n.receipt_order) > (r.as_of, r.receipt_order))
        and not exists (select from source_record o
          where o.platform = ${asked.platform} and o.subject = coalesce(s.merged_into, r.subject))
      union all
      select r.region collate "C", 's' || r.batch || lpad(r.line::text, 10, '0'), r.status, r.reason, r.version, r.as_of
      from result_stranger r
      where r.as_of between ${asked.quarter.from} and ${asked.quarter.to} and r.status = ${status} and r.level = ${asked.level}
        and exists (select from unnest(${asked.scope}::text[]) p
          where r.region collate "C" >= p and r.region collate "C" < p || ':')) u
    where (region, tie) > (${after.region} collate "C", ${after.tie} collate "C")
    order by region, tie collate "C" limit ${most}`,
      SENT_OF_UNSENT,
    ),
  )
  return rows
}
