import type { PoolClient } from 'pg'
import type { Level } from '../domain/entry.ts'
import type { BatchId, SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Age } from './newer.ts'

/** The latest result of a subject, without what it says. */
export type LatestHead = Age & { id: string; subject: SubjectId; batch: BatchId; content: string }

/** A result that takes effect. */
export type ResultWrite = {
  subject: SubjectId
  level: Level
  line: number
  version: string
  asOf: string
  status: string
  reason: string | null
  region: string | null
  content: string
  sealed: Buffer
  /** A later line of the same chunk says something newer of the subject. */
  isOvertaken: boolean
}

/** A result about somebody whom nobody has sent. */
export type StrangerWrite = Pick<ResultWrite, 'line' | 'level' | 'version' | 'asOf' | 'status' | 'reason' | 'region'>

/** Lets one transaction change results, or whom they go to, at a time: of two results the newer one stands, and no platform is forgotten. */
export async function lockResults(tx: PoolClient): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian results'))`)
}

/** Whether there is any result at all. */
export async function areThereResults(db: Db): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from subject_result limit 1`)
  return rowCount === 1
}

/** The latest results that came under these very ids. */
export async function readLatestHeads(db: Db, subjects: readonly SubjectId[]): Promise<LatestHead[]> {
  if (subjects.length === 0) return []
  const { rows } = await db.query<LatestHead>(sql`
    select r.id, r.subject, r.batch, r.line, r.version, to_char(r.as_of, 'YYYY-MM-DD') as "asOf",
      r.receipt_order as "receiptOrder", encode(r.content_hash, 'hex') as content
    from unnest(${subjects}::text[]) as given(subject)
    join subject_result r on r.subject = given.subject and r.overtaken_at is null`)
  return rows
}

/** What results say, sealed; those past retention are left out. */
export async function readSealedResults(
  db: Db,
  ids: readonly string[],
): Promise<{ id: string; batch: BatchId; line: number; sealed: Buffer; appliedAt: Date }[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<{ id: string; batch: BatchId; line: number; sealed: Buffer; appliedAt: Date }>(sql`
    select id, batch, line, sealed, applied_at as "appliedAt"
    from subject_result where id = any(${ids}::bigint[]) and sealed is not null`)
  return rows
}

/** Says of results that newer ones stand in their place. */
export async function overtakeResults(tx: PoolClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(sql`update subject_result set overtaken_at = clock_timestamp() where id = any(${ids}::bigint[])`)
}

export async function insertResults(
  tx: PoolClient,
  { batch, receiptOrder }: { batch: BatchId; receiptOrder: string },
  results: readonly ResultWrite[],
): Promise<void> {
  if (results.length === 0) return
  const of = <Key extends keyof ResultWrite>(key: Key) => results.map((result) => result[key])
  let end = 1
  const starts = results.map(({ sealed }) => {
    const start = end
    end += sealed.length
    return start
  })
  // The sealed results travel as one value: an array of bytea would double them as text.
  await tx.query(sql`
    insert into subject_result (id, subject, level, batch, line, receipt_order, version, as_of, status, reason, region,
      content_hash, sealed, overtaken_at)
    select nextval('subject_result_order'), subject, level, ${batch}, line, ${receiptOrder}::bigint, version, as_of, status, reason, region,
      decode(content, 'hex'), substring(${Buffer.concat(of('sealed'))}::bytea from start for length),
      case when is_overtaken = 1 then clock_timestamp() end
    from unnest(${of('subject')}::text[], ${of('level')}::text[], ${of('line')}::integer[], ${of('version')}::text[],
      ${of('asOf')}::date[], ${of('status')}::text[], ${of('reason')}::text[], ${of('region')}::text[],
      ${of('content')}::text[], ${starts}::integer[], ${of('sealed').map(({ length }) => length)}::integer[],
      ${of('isOvertaken').map(Number)}::integer[])
      as r(subject, level, line, version, as_of, status, reason, region, content, start, length, is_overtaken)`)
}

export async function insertStrangers(
  tx: PoolClient,
  batch: BatchId,
  strangers: readonly StrangerWrite[],
): Promise<void> {
  if (strangers.length === 0) return
  const of = <Key extends keyof StrangerWrite>(key: Key) => strangers.map((stranger) => stranger[key])
  await tx.query(sql`
    insert into result_stranger (batch, line, level, version, as_of, status, reason, region)
    select ${batch}, s.* from unnest(${of('line')}::integer[], ${of('level')}::text[], ${of('version')}::text[],
      ${of('asOf')}::date[], ${of('status')}::text[], ${of('reason')}::text[], ${of('region')}::text[]) as s
    on conflict (batch, line) do nothing`)
}

/** Destroys what overtaken results said, so many days after; the rows stay, so that the sums of their batches close. */
export async function forgetOvertaken(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update subject_result set sealed = null
    where id in (
      select id from subject_result
      where overtaken_at < now() - make_interval(days => ${days}) and sealed is not null
      limit 1000 for update skip locked)`)
  return rowCount ?? 0
}
