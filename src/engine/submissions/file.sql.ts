import type { PoolClient } from 'pg'
import type { BatchId, SubmissionId } from '../../domain/ids.ts'
import { BATCH, CHUNK } from '../../domain/states.ts'
import { activeTrace } from '../../io/observe/trace.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { NewBatch } from '../upload.sql.ts'
import type { SubmissionFile } from './submission.ts'

/** Begins a file of a submission, unless it is there. */
export async function insertFile(
  db: Db,
  batch: Omit<NewBatch, 'kind' | 'key'> & { submission: SubmissionId; file: string },
): Promise<void> {
  const { id, platform, dataset, datasetVersion, agreement, submission, file } = batch
  await db.query(sql`
    insert into batch (id, kind, platform, dataset, dataset_version, agreement, idempotency_key, submission, file, trace)
    values (${id}, 'push', ${platform}, ${dataset}, ${datasetVersion}, ${agreement}, ${id}, ${submission}, ${file}, ${activeTrace()})
    on conflict (submission, file) where submission is not null do nothing`)
}

/** The files of a submission in the order in which they were begun. */
export async function readFiles(db: Db, submission: SubmissionId): Promise<SubmissionFile[]> {
  const { rows } = await db.query<SubmissionFile>(sql`
    select b.id as batch, b.file, b.dataset, b.dataset_version as "datasetVersion", p.parts, p.entries,
      p.bytes::float8 as bytes, p.sha256
    from batch b
    cross join lateral (
      select count(*)::integer as parts, coalesce(sum(entries), 0)::integer as entries, coalesce(sum(bytes), 0) as bytes,
        case count(*) when 0 then null when 1 then (array_agg(sha256))[1]
          else sha256(string_agg(sha256, ''::bytea order by number)) end as sha256
      from batch_part where batch = b.id) p
    where b.submission = ${submission} order by b.id`)
  return rows
}

/** Removes a file that is not committed, or all of them, with all that came of it; says how many there were. */
export async function deleteFiles(tx: PoolClient, submission: SubmissionId, file: string | null): Promise<number> {
  const { rowCount } = await tx.query(sql`
    delete from batch
    where submission = ${submission} and state = ${BATCH.receiving} and (${file}::text is null or file = ${file})`)
  return rowCount ?? 0
}

/** Whether somebody writes into a file of a submission now: heard of within so many seconds. */
export async function isWritten(tx: PoolClient, submission: SubmissionId, seconds: number): Promise<boolean> {
  const { rows } = await tx.query<{ busy: boolean }>(sql`
    select exists (
      select from batch where submission = ${submission} and writer is not null
        and touched_at between now() - make_interval(secs => ${seconds}) and now() + make_interval(secs => ${seconds})) as busy`)
  return rows[0]?.busy ?? false
}

/** Removes what is left in the files of a submission of parts that broke off. */
export async function dropUnfinished(tx: PoolClient, submission: SubmissionId): Promise<void> {
  await tx.query(sql`
    delete from chunk using batch b
    where b.submission = ${submission} and chunk.batch = b.id and chunk.state = ${CHUNK.receiving}
      and chunk.first_line > b.part_lines`)
}

/** Lets a file take the place of earlier batches of its dataset: what they state and it does not is withdrawn. */
export async function letReplace(tx: PoolClient, batch: BatchId, earlier: readonly BatchId[]): Promise<void> {
  await tx.query(sql`update batch set snapshot = 'open', replaces = ${[...earlier]}::text[] where id = ${batch}`)
}

/** The batches of a submission, and of those that it replaced in their time, by dataset; all of them committed. */
export async function readReplaced(db: Db, submission: SubmissionId): Promise<{ batch: BatchId; dataset: string }[]> {
  const { rows } = await db.query<{ batch: BatchId; dataset: string }>(sql`
    with recursive chain as (
      select id, replaces from submission where id = ${submission}
      union
      select s.id, s.replaces from submission s join chain c on s.id = c.replaces
    )
    select b.id as batch, b.dataset
    from chain join batch b on b.submission = chain.id
    where b.state <> ${BATCH.receiving} order by b.id`)
  return rows
}
