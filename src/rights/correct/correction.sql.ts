import type { PoolClient } from 'pg'
import type { RequestId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { CorrectionState, CorrectionTask } from './correction.ts'

const COLUMNS = `id, request, platform, dataset, encode(record_index, 'hex') as "recordIndex", encode(content, 'hex') as content,
  state, due_at as "dueAt", said, opened_at as "openedAt", closed_at as "closedAt"`

/** Keeps what a person asks to be corrected, sealed. */
export async function keepWish(tx: PoolClient, request: RequestId, wish: Buffer): Promise<void> {
  await tx.query(sql`update person_request set wish = ${wish} where id = ${request}`)
}

export async function readCorrectionWish(tx: PoolClient, request: RequestId): Promise<Buffer | null> {
  const { rows } = await tx.query<{ wish: Buffer | null }>(sql`select wish from person_request where id = ${request}`)
  return rows[0]?.wish ?? null
}

/** Makes the tasks of a request; each platform is told by an event of the same transaction. */
export async function insertTasks(
  tx: PoolClient,
  tasks: readonly Pick<
    CorrectionTask,
    'id' | 'request' | 'platform' | 'dataset' | 'recordIndex' | 'content' | 'dueAt' | 'said'
  >[],
): Promise<void> {
  for (const task of tasks)
    await tx.query(sql`
      insert into correction_task (id, request, platform, dataset, record_index, content, due_at, said)
      values (${task.id}, ${task.request}, ${task.platform}, ${task.dataset}, decode(${task.recordIndex}, 'hex'),
        decode(${task.content}, 'hex'), ${task.dueAt}, ${task.said})`)
}

/** The tasks of a request. */
export async function tasksOf(db: Db, request: string): Promise<CorrectionTask[]> {
  const { rows } = await db.query<CorrectionTask>(
    `select ${COLUMNS} from correction_task where request = $1 order by id`,
    [request],
  )
  return rows
}

/** A platform's tasks after one: those that are open, or all. */
export async function tasksOfPlatform(
  db: Db,
  { platform, open, after, limit }: { platform: string; open: boolean; after: string; limit: number },
): Promise<CorrectionTask[]> {
  const { rows } = await db.query<CorrectionTask>(
    `select ${COLUMNS} from correction_task
     where platform = $1 and id > $2 and (not $3 or state = 'open') order by id limit $4`,
    [platform, after, open, limit],
  )
  return rows
}

/** A task of a platform, its row locked until the transaction ends. */
export async function lockTask(tx: PoolClient, id: string, platform: string): Promise<CorrectionTask | undefined> {
  const { rows } = await tx.query<CorrectionTask>(
    `select ${COLUMNS} from correction_task where id = $1 and platform = $2 for update`,
    [id, platform],
  )
  return rows[0]
}

/** Open tasks after one, their rows locked; those that somebody else has are left out. */
export async function takeOpenTasks(tx: PoolClient, after: string, limit: number): Promise<CorrectionTask[]> {
  const { rows } = await tx.query<CorrectionTask>(
    `select ${COLUMNS} from correction_task where state = 'open' and id > $1 order by id limit $2 for update skip locked`,
    [after, limit],
  )
  return rows
}

/** Notes what a record says by now that is still to be corrected. */
export async function noteLooked(tx: PoolClient, id: string, content: string): Promise<void> {
  await tx.query(sql`update correction_task set content = decode(${content}, 'hex') where id = ${id}`)
}

/** Closes a task: what was to be corrected is destroyed. */
export async function closeTask(
  tx: PoolClient,
  id: string,
  { state, by, answer }: { state: Exclude<CorrectionState, 'open'>; by: string; answer?: string },
): Promise<void> {
  await tx.query(sql`
    update correction_task
    set state = ${state}, closed_at = now(), closed_by = ${by}, kept_reason = ${answer ?? null}, said = null
    where id = ${id}`)
}

/** Ends a request none of whose tasks is open any more; false while one is. */
export async function endCorrected(tx: PoolClient, request: RequestId): Promise<boolean> {
  // Two tasks that are closed at a time must not both take the other one for open.
  await tx.query(sql`select from person_request where id = ${request} for update`)
  const { rowCount } = await tx.query(sql`
    update person_request set state = 'done', done_at = now(), wish = null
    where id = ${request} and state = 'open'
      and not exists (select from correction_task where request = ${request} and state = 'open')`)
  return rowCount === 1
}

/** How many corrections a platform is asked for, and when the first is due by law. */
export async function countOpenTasks(db: Db, platform: string): Promise<{ open: number; dueAt: Date | null }> {
  const { rows } = await db.query<{ open: number; dueAt: Date | null }>(sql`
    select count(*)::integer as open, min(due_at) as "dueAt" from correction_task
    where platform = ${platform} and state = 'open'`)
  return rows[0] ?? { open: 0, dueAt: null }
}
