import type { PoolClient } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { CALLING, type ChunkState, WORKING, WORKING_HERE } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Stopped } from './pause/pause.ts'
import { type Shares, windowOf } from './share/fair-share.ts'

const LATEST_FIRST = WORKING_HERE.toReversed()

/** A chunk that was just marked as dispatched; `turn` is its place in the window that it counts in. */
export type MarkedChunk = {
  chunk: ChunkId
  platform: string
  epoch: number
  state: ChunkState
  turn: number
  entries: number
  /** Nothing else of its platform is unfinished, dispatched or not. Chunks that call somebody count against such a chunk only. */
  isAlone: boolean
}

/** Lets one dispatcher mark at a time, until its transaction ends: two would not see each other's marks and pass the window. */
export async function lockDispatch(tx: PoolClient): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian dispatch'))`)
}

/**
 * Marks chunks that may be dispatched now. At most as many chunks of a platform are under way as its window has room for; later
 * stages come first, then earlier receipt. Chunks that call somebody have a window of their own: who is called may be slow, and must not
 * keep waiting what is worked here. The statement reads as many due chunks of each platform and stage as the window has room for, however long
 * the backlog is. Chunks that are `stopped` stay. A chunk whose row is locked is passed over: a long transaction must not stop dispatching for all.
 * The pushes of a platform without an agreement in force wait; what takes data back goes on.
 */
export async function markDue(
  tx: PoolClient,
  shares: Shares,
  platform: string | null,
  stopped: readonly Stopped[] = [],
): Promise<MarkedChunk[]> {
  const weighted = [...(shares.weights?.keys() ?? [])]
  const waiting = shares.withoutAgreement?.() ?? []
  const windows = weighted.map((name) => windowOf(name, shares))
  const { rows } = await tx.query<MarkedChunk>(sql`
    with recursive platforms as (
      (select platform from chunk
       where state = any(${WORKING}) and (${platform}::text is null or platform = ${platform})
       order by platform limit 1)
      union all
      select (select c.platform from chunk c
              where c.state = any(${WORKING}) and c.platform > p.platform and ${platform}::text is null
              order by c.platform limit 1)
      from platforms p where p.platform is not null
    ), due as (
      select d.id, w.most,
        g.busy + row_number() over (partition by p.platform, g.states order by d.stage, d.due_at, d.first_line) as turn
      from platforms p
      cross join lateral (
        select coalesce((
          select g.most from unnest(${weighted}::text[], ${windows}::integer[]) as g (platform, most)
          where g.platform = p.platform), ${shares.window}::integer) as most
      ) w
      cross join lateral (
        select (count(*) filter (where state <> all(${CALLING})))::integer as here,
          (count(*) filter (where state = any(${CALLING})))::integer as calling
        from chunk where platform = p.platform and state = any(${WORKING}) and dispatched_at is not null
      ) b
      cross join lateral (values (b.here, ${LATEST_FIRST}::text[]), (b.calling, ${CALLING}::text[])) as g (busy, states)
      cross join lateral (
        select s.stage, c.id, c.due_at, c.first_line
        from unnest(g.states) with ordinality as s (state, stage)
        cross join lateral (
          select id, due_at, first_line from chunk
          where platform = p.platform and state = any(${WORKING}) and chunk.state = s.state
            and dispatched_at is null and due_at <= statement_timestamp()
            and not exists (
              select from unnest(${stopped.map((one) => one.platform)}::text[], ${stopped.map((one) => one.state)}::text[]) as h (platform, state)
              where h.platform = p.platform and h.state = s.state)
            and (platform <> all(${waiting}::text[])
              or exists (select from batch b where b.id = chunk.batch and b.kind <> 'push'))
          order by due_at, first_line limit greatest(w.most - g.busy, 0) for update skip locked
        ) c
      ) d
      where p.platform is not null
    )
    update chunk set dispatched_at = now()
    from due where chunk.id = due.id and due.turn <= due.most
    returning chunk.id as chunk, platform, epoch, state, due.turn::integer as turn, entries,
      not exists (
        select from chunk other
        where other.platform = chunk.platform and other.state = any(${WORKING}) and other.id <> chunk.id
          and (other.state <> all(${CALLING}) or chunk.state = any(${CALLING}))) as "isAlone"`)
  return rows
}

/** Takes the mark back from chunks that could not be dispatched; the sweeper tries again. */
export async function unmark(db: Db, marked: readonly MarkedChunk[]): Promise<void> {
  await db.query(sql`
    update chunk set dispatched_at = null
    from unnest(${marked.map(({ chunk }) => chunk)}::text[], ${marked.map(({ epoch }) => epoch)}::integer[]) as m (id, epoch)
    where chunk.id = m.id and chunk.epoch = m.epoch and chunk.lease_until is null`)
}
