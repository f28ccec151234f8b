import type { PoolClient } from 'pg'
import type { SubmissionId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A submission is open until it is committed or aborted; one that nobody touches for long expires. */
export type SubmissionState = 'open' | 'committed' | 'aborted' | 'expired'

export type SubmissionRow = {
  id: SubmissionId
  platform: string
  state: SubmissionState
  replaces: SubmissionId | null
  createdAt: Date
  touchedAt: Date
  committedAt: Date | null
}

/** Opens a submission; false when the key is taken, or the platform has too many open ones. */
export async function insertSubmission(
  db: Db,
  submission: { id: SubmissionId; platform: string; key: string; replaces: SubmissionId | null },
  most: number,
): Promise<boolean> {
  const { id, platform, key, replaces } = submission
  const { rowCount } = await db.query(sql`
    insert into submission (id, platform, idempotency_key, replaces)
    select ${id}, ${platform}, ${key}, ${replaces}
    where (select count(*) from submission where platform = ${platform} and state = 'open') < ${most}
    on conflict (platform, idempotency_key) do nothing`)
  return rowCount === 1
}

/** The submission that a platform opened under a key. */
export async function findSubmissionByKey(
  db: Db,
  platform: string,
  key: string,
): Promise<{ id: SubmissionId; replaces: SubmissionId | null } | undefined> {
  const { rows } = await db.query<{ id: SubmissionId; replaces: SubmissionId | null }>(sql`
    select id, replaces from submission where platform = ${platform} and idempotency_key = ${key}`)
  return rows[0]
}

/** A submission by its id; undefined when there is none. */
export async function readSubmission(db: Db, id: string): Promise<SubmissionRow | undefined> {
  const { rows } = await db.query<SubmissionRow>(sql`
    select id, platform, state, replaces, created_at as "createdAt", touched_at as "touchedAt",
      committed_at as "committedAt"
    from submission where id = ${id}`)
  return rows[0]
}

/** Submissions of a platform (null: of all), the newest first; those after an id when one is given. */
export async function listSubmissions(
  db: Db,
  { platform, after, limit }: { platform: string | null; after: string | null; limit: number },
): Promise<SubmissionRow[]> {
  const { rows } = await db.query<SubmissionRow>(sql`
    select id, platform, state, replaces, created_at as "createdAt", touched_at as "touchedAt",
      committed_at as "committedAt"
    from submission
    where (${platform}::text is null or platform = ${platform}) and (${after}::text is null or id < ${after})
    order by id desc limit ${limit}`)
  return rows
}

/** Locks a submission until the transaction ends, and gives its state; undefined when there is none. */
export async function lockSubmission(tx: PoolClient, id: SubmissionId): Promise<SubmissionState | undefined> {
  const { rows } = await tx.query<{ state: SubmissionState }>(sql`
    select state from submission where id = ${id} for update`)
  return rows[0]?.state
}

/** Notes that something came; false when the submission is not open any more. It cannot be closed before the transaction ends. */
export async function touchSubmission(tx: PoolClient, id: SubmissionId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update submission set touched_at = now() where id = ${id} and state = 'open'`)
  return rowCount === 1
}

/** Ends a submission that is open. */
export async function closeSubmission(
  tx: PoolClient,
  id: SubmissionId,
  state: Exclude<SubmissionState, 'open'>,
): Promise<void> {
  await tx.query(sql`
    update submission
    set state = ${state}, touched_at = now(), committed_at = case when ${state} = 'committed' then now() end
    where id = ${id} and state = 'open'`)
}

/** An open submission that nobody has touched for so many hours, locked until the transaction ends; undefined when there is none. */
export async function lockForgotten(tx: PoolClient, hours: number): Promise<SubmissionId | undefined> {
  const { rows } = await tx.query<{ id: SubmissionId }>(sql`
    select id from submission
    where state = 'open' and touched_at < now() - make_interval(hours => ${hours})
    order by touched_at limit 1 for update skip locked`)
  return rows[0]?.id
}
