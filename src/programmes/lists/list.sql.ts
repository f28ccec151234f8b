import type { PoolClient } from 'pg'
import type { ListId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { ListKey, StoredList } from './stored-list.ts'
import type { DecileUse } from './tally.ts'

/** The same columns for every statement that answers with a list. */
const COLUMNS = `id, platform, programme, version, encode(digest, 'hex') as digest, region, to_char(day, 'YYYY-MM-DD') as day, state, after,
  residents, candidates, undecided, elsewhere, added, gone, deciles, previous, ready_at as "readyAt"`

/** The newest list that is ready; undefined when none is. */
export async function readNewestList(
  db: Db,
  { platform, programme, region }: ListKey,
): Promise<StoredList | undefined> {
  const { rows } = await db.query<StoredList>(
    `select ${COLUMNS} from programme_list
     where platform = $1 and programme = $2 and region = $3 and state = 'ready' order by ready_at desc, id desc limit 1`,
    [platform, programme, region],
  )
  return rows[0]
}

/** A list that is ready by its id, of this platform. */
export async function readList(db: Db, id: string, platform: string): Promise<StoredList | undefined> {
  const { rows } = await db.query<StoredList>(
    `select ${COLUMNS} from programme_list where id = $1 and platform = $2 and state = 'ready'`,
    [id, platform],
  )
  return rows[0]
}

/** Begins a list unless one with the same demands is being made; one of another day or rule that was left unfinished is dropped. */
export async function beginList(
  tx: PoolClient,
  list: ListKey & Pick<StoredList, 'id' | 'version' | 'digest' | 'day'>,
): Promise<void> {
  const { id, platform, programme, region, version, digest, day } = list
  await tx.query(sql`
    delete from programme_list where platform = ${platform} and programme = ${programme} and region = ${region}
      and state = 'making' and (day <> ${day}::date or digest <> decode(${digest}, 'hex'))`)
  await tx.query(sql`
    insert into programme_list (id, platform, programme, region, version, digest, day)
    values (${id}, ${platform}, ${programme}, ${region}, ${version}, decode(${digest}, 'hex'), ${day})
    on conflict (platform, programme, region) where state = 'making' do nothing`)
}

/**
 * Takes the list that is being made, for so many seconds; undefined while somebody else works on it or on another list of the
 * platform, or there is none.
 */
export async function leaseList(
  db: Db,
  { platform, programme, region }: ListKey,
  seconds: number,
): Promise<StoredList | undefined> {
  const { rows } = await db.query<StoredList>(
    `update programme_list l set lease_until = now() + make_interval(secs => $4)
     where platform = $1 and programme = $2 and region = $3 and state = 'making'
       and not exists (
         select 1 from programme_list o where o.platform = l.platform and o.state = 'making' and o.lease_until > now())
     returning ${COLUMNS}`,
    [platform, programme, region, seconds],
  )
  return rows[0]
}

export type ListPage = {
  next: string
  residents: number
  candidates: number
  undecided: number
  elsewhere: number
  deciles: readonly DecileUse[]
}

/** Adds a page to a list and renews the lease; false when somebody else has gone on from the same place. */
export async function addPage(
  tx: PoolClient,
  { id, after }: Pick<StoredList, 'id' | 'after'>,
  page: ListPage,
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update programme_list set after = ${page.next}, residents = residents + ${page.residents},
      candidates = candidates + ${page.candidates}, undecided = undecided + ${page.undecided},
      elsewhere = elsewhere + ${page.elsewhere}, deciles = ${JSON.stringify(page.deciles)}::jsonb,
      lease_until = now() + make_interval(secs => ${seconds})
    where id = ${id} and state = 'making' and after = ${after}`)
  return rowCount === 1
}

/** Lets the list go, so that the next who asks goes on at once. */
export async function freeList(db: Db, id: ListId): Promise<void> {
  await db.query(sql`update programme_list set lease_until = null where id = ${id}`)
}

export async function addVerdicts(
  tx: PoolClient,
  list: ListId,
  found: readonly { subject: SubjectId; verdict: 'candidate' | 'undecided' }[],
): Promise<void> {
  if (found.length === 0) return
  await tx.query(sql`
    insert into programme_verdict (list, subject, verdict)
    select ${list}, subject, verdict
    from unnest(${found.map(({ subject }) => subject)}::text[], ${found.map(({ verdict }) => verdict)}::text[])
      as found(subject, verdict)
    on conflict do nothing`)
}

/**
 * Makes a list ready: compares it with the newest one before it, and drops those before that. False when it was somebody else's
 * to finish. Sets are compared as sets: `not in` of 300,000 has no room in memory, and looks each up in all of them.
 */
export async function finishList(tx: PoolClient, { id, platform, programme, region }: StoredList): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    with before as materialized (
      select id from programme_list where platform = ${platform} and programme = ${programme} and region = ${region}
        and state = 'ready' order by ready_at desc, id desc limit 1),
    was as materialized (
      select subject from programme_verdict where list = (select id from before) and verdict = 'candidate'),
    now_on as materialized (select subject from programme_verdict where list = ${id} and verdict = 'candidate')
    update programme_list set state = 'ready', ready_at = clock_timestamp(), lease_until = null,
      previous = (select id from before),
      added = case when exists (select from before) then (
        select count(*) from (select subject from now_on except select subject from was) as come) end,
      gone = case when exists (select from before) then (
        select count(*) from (select subject from was except select subject from now_on) as left_it) end
    where id = ${id} and state = 'making'`)
  await tx.query(sql`
    delete from programme_list where platform = ${platform} and programme = ${programme} and region = ${region}
      and state = 'ready' and id not in (
        select id from programme_list where platform = ${platform} and programme = ${programme} and region = ${region}
          and state = 'ready' order by ready_at desc, id desc limit 2)`)
  return rowCount === 1
}
