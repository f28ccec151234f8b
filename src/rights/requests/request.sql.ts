import type { PoolClient } from 'pg'
import type { PersonId, RequestId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { ListedRequest, PersonRequest } from './request.ts'

const COLUMNS = `id, about, subject, state, received_at as "receivedAt", asked_by as "askedBy", asked_at as "askedAt",
  confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", done_at as "doneAt"`

export async function insertRequest(
  tx: PoolClient,
  wish: Pick<PersonRequest, 'id' | 'about'> & {
    subject: PersonId
    reason: string
    by: string
    receivedAt: Date | null
  },
): Promise<void> {
  await tx.query(sql`
    insert into person_request (id, about, subject, reason, asked_by, received_at)
    values (${wish.id}, ${wish.about}, ${wish.subject}, ${wish.reason}, ${wish.by},
      coalesce(${wish.receivedAt}::timestamptz, now()))`)
}

export async function findRequest(
  db: Db,
  id: string,
  about: PersonRequest['about'],
): Promise<PersonRequest | undefined> {
  const { rows } = await db.query<PersonRequest>(`select ${COLUMNS} from person_request where id = $1 and about = $2`, [
    id,
    about,
  ])
  return rows[0]
}

/** The same, its row locked until the transaction ends. */
export async function lockRequest(
  tx: PoolClient,
  id: string,
  about: PersonRequest['about'],
): Promise<PersonRequest | undefined> {
  const { rows } = await tx.query<PersonRequest>(
    `select ${COLUMNS} from person_request where id = $1 and about = $2 for update`,
    [id, about],
  )
  return rows[0]
}

/** Notes that a second person has confirmed a request. */
export async function openRequest(tx: PoolClient, id: RequestId, by: string): Promise<void> {
  await tx.query(sql`
    update person_request set state = 'open', confirmed_by = ${by}, confirmed_at = now() where id = ${id}`)
}

export async function declineRequest(tx: PoolClient, id: RequestId): Promise<void> {
  await tx.query(sql`update person_request set state = 'declined', wish = null where id = ${id} and state = 'asked'`)
}

/** Notes that what was asked for was given; the first time counts. */
export async function endRequest(tx: PoolClient, id: RequestId): Promise<void> {
  await tx.query(sql`update person_request set state = 'done', done_at = now() where id = ${id} and state = 'open'`)
}

/** All requests of persons that are not ended, or all of them, the one that was received first at the top. */
export async function listRequests(
  db: Db,
  { open, after, limit }: { open: boolean; after: string; limit: number },
): Promise<ListedRequest[]> {
  const { rows } = await db.query<ListedRequest>(sql`
    select id, "right", subject, state, "receivedAt", "endedAt" from (
      select id, about as "right", subject, state, received_at as "receivedAt",
        case state when 'declined' then asked_at else done_at end as "endedAt"
      from person_request
      union all
      select id, 'restriction', subject, state, received_at,
        case state when 'declined' then asked_at else confirmed_at end
      from restriction
      union all
      select id, 'erasure', subject, state, asked_at,
        case state when 'declined' then asked_at else done_at end
      from erasure) r
    where id > ${after} and (not ${open} or "endedAt" is null)
    order by id limit ${limit}`)
  return rows
}
