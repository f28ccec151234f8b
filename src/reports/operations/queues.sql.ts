import { CHUNK, WORKING } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { LeaseView, QueueFigures } from './queue-figures.ts'

/** Unfinished chunks of every platform, by the state that their next stage takes. */
export async function selectQueueFigures(db: Db): Promise<QueueFigures[]> {
  const { rows } = await db.query<QueueFigures>(sql`
    select c.platform, c.state, count(*)::integer as chunks, sum(c.entries)::integer as entries,
      (count(*) filter (where dispatched_at is not null and lease_until is null))::integer as dispatched,
      (count(*) filter (where lease_until is not null))::integer as leased,
      (count(*) filter (where lease_until is null and due_at > now()))::integer as postponed,
      (count(*) filter (where attempts > 1))::integer as stuck,
      greatest(0, extract(epoch from now() - min(coalesce(r.at, b.received_at))))::float8 as "oldestSeconds"
    from chunk c join batch b on b.id = c.batch
    left join lateral (select max(at) as at from release where batch = c.batch and c.released) r on true
    where c.state = any(${WORKING})
    group by c.platform, c.state order by c.platform, array_position(${WORKING}::text[], c.state)`)
  return rows
}

/** Chunks that workers have, the longest first. */
export async function selectLeases(db: Db, limit: number): Promise<LeaseView[]> {
  const { rows } = await db.query<LeaseView>(sql`
    select id as chunk, batch, platform, state, entries, attempts, dispatched_at as since, lease_until as until
    from chunk where state = any(${WORKING}) and lease_until is not null
    order by dispatched_at, id limit ${limit}`)
  return rows
}

/** Entries that were settled in each of the last five minutes, on average, by platform. */
export async function selectRates(db: Db): Promise<Map<string, number>> {
  const { rows } = await db.query<{ platform: string; rate: number }>(sql`
    select platform, sum(entries)::float8 / 5 as rate from chunk
    where state = ${CHUNK.settled} and (raw is not null or cleaned is not null) and settled_at > now() - interval '5 minutes'
    group by platform`)
  return new Map(rows.map(({ platform, rate }) => [platform, rate]))
}
