import type { Platform } from '../../domain/platform.ts'
import { BATCH, CHUNK_STATE_TABLE, type ChunkState, WORKING } from '../../domain/states.ts'
import type { DutyFigures } from '../../io/observe/figures.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { LAWFUL_HOURS } from '../../rights/clock.ts'
import { selectCanaries } from './canaries.sql.ts'
import { selectDelivering, selectSettling } from './durations.sql.ts'
import { selectPlatforms } from './platforms.sql.ts'

/** So many claims without progress make a chunk a stuck one. */
const STUCK_CLAIMS = 3

/** Counts what whoever is on duty is measured by; each statement reads an index of what is open, or the last hour. */
export async function selectDuty(db: Db, platforms: readonly Platform[]): Promise<DutyFigures> {
  return {
    settling: await selectSettling(db),
    canaries: await selectCanaries(db),
    ...(await selectChunks(db)),
    ...(await selectWaiting(db)),
    ...(await selectRights(db)),
    delivering: await selectDelivering(db),
    destinations: await selectDestinations(db),
    platforms: await selectPlatforms(db, platforms),
    processes: await selectProcesses(db),
    ...(await selectServer(db)),
  }
}

/** A released chunk has waited since its release, not since its batch came. */
async function selectChunks(db: Db): Promise<Pick<DutyFigures, 'oldestChunk' | 'stuckChunks'>> {
  const { rows } = await db.query<{ state: ChunkState; oldest: number; stuck: number }>(sql`
    select c.state, greatest(extract(epoch from now() - min(coalesce(r.at, b.received_at))), 0)::float8 as oldest,
      (count(*) filter (where c.attempts >= ${STUCK_CLAIMS}))::integer as stuck
    from chunk c join batch b on b.id = c.batch
    left join lateral (select max(at) as at from release where batch = c.batch and c.released) r on true
    where c.state = any(${WORKING}) and b.received_at is not null group by c.state`)
  return {
    oldestChunk: Object.fromEntries(rows.map(({ state, oldest }) => [CHUNK_STATE_TABLE[state].stage ?? state, oldest])),
    stuckChunks: rows.reduce((sum, { stuck }) => sum + stuck, 0),
  }
}

type Waiting = { silent: number; held: number; oldestHeld: number; reviews: number; oldestReview: number }

async function selectWaiting(db: Db): Promise<Pick<DutyFigures, 'silentUploads' | 'held' | 'reviews'>> {
  const { rows } = await db.query<Waiting>(sql`
    with held as (
      select batch, count(*) as entries from entry where outcome = 'held' and corrected_by is null group by batch),
    olds as (
      select sum(held.entries)::float8 as entries, min(b.received_at) as since from held join batch b on b.id = held.batch),
    desk as (select count(*)::integer as open, min(opened_at) as since from review where state = 'open')
    select coalesce(olds.entries, 0) as held,
      coalesce(extract(epoch from now() - olds.since), 0)::float8 as "oldestHeld",
      desk.open as reviews, coalesce(extract(epoch from now() - desk.since), 0)::float8 as "oldestReview",
      (select count(*)::integer from batch
       where state = ${BATCH.receiving} and submission is null and touched_at < now() - interval '2 minutes') as silent
    from olds, desk`)
  const row = rows[0] as Waiting
  return {
    silentUploads: row.silent,
    held: { entries: row.held, oldest: row.oldestHeld },
    reviews: { open: row.reviews, oldest: row.oldestReview },
  }
}

async function selectRights(db: Db): Promise<Pick<DutyFigures, 'breaches' | 'requests'>> {
  const { rows } = await db.query<Record<'breaches' | 'requests' | 'breachSince' | 'requestSince', number>>(sql`
    with untold as (select known_at from breach where state = 'open'),
    undone as (
      select received_at from person_request where state in ('asked', 'open')
      union all select received_at from restriction where state = 'asked')
    select (select count(*)::integer from untold) as breaches, (select count(*)::integer from undone) as requests,
      coalesce((select extract(epoch from now() - min(known_at)) from untold), 0)::float8 as "breachSince",
      coalesce((select extract(epoch from now() - min(received_at)) from undone), 0)::float8 as "requestSince"`)
  const { breaches = 0, requests = 0, breachSince = 0, requestSince = 0 } = rows[0] ?? {}
  const left = (open: number, since: number) => (open === 0 ? 0 : LAWFUL_HOURS * 3600 - since)
  return {
    breaches: { open: breaches, left: left(breaches, breachSince) },
    requests: { open: requests, left: LAWFUL_HOURS * 3600 - requestSince },
  }
}

async function selectDestinations(db: Db): Promise<DutyFigures['destinations']> {
  const { rows } = await db.query<DutyFigures['destinations'][number]>(sql`
    select name, failures, coalesce(open_until > now(), false) as "isOpen" from destination order by name limit 100`)
  return rows
}

async function selectProcesses(db: Db): Promise<Record<string, number>> {
  const { rows } = await db.query<{ kind: string; count: number }>(sql`
    select kind, (count(*) filter (where seen_at > now() - interval '1 minute'))::integer as count
    from process group by kind`)
  return { gateway: 0, worker: 0, ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])) }
}

async function selectServer(db: Db): Promise<Pick<DutyFigures, 'databaseBytes' | 'connectionShare'>> {
  const { rows } = await db.query<Pick<DutyFigures, 'databaseBytes' | 'connectionShare'>>(sql`
    select pg_database_size(current_database())::float8 as "databaseBytes",
      (select count(*) from pg_stat_activity where backend_type = 'client backend')::float8
        / current_setting('max_connections')::float8 as "connectionShare"`)
  return rows[0] as Pick<DutyFigures, 'databaseBytes' | 'connectionShare'>
}
