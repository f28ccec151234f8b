import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'

/** What was seen of locks between two moments. */
export type LocksSeen = {
  seconds: number
  /** Share of the time in which somebody held the subjects' lock. */
  held: number
  /** Backends that waited for a lock, on average, by what they waited for: `advisory`, `transactionid`, `tuple` … */
  waiting: Record<string, number>
}

// The name under which lockSubjects (src/link/subjects/subjects.sql.ts) takes it. Of an advisory lock of 64 bits pg_locks shows
// the lower half as objid.
const SEEN = `
  select
    exists (select from pg_locks where locktype = 'advisory' and granted
      and objid::bigint = hashtext('titian link')::bigint & 4294967295) as "isHeld",
    (select coalesce(json_object_agg(wait_event, n), '{}') from (
      select wait_event, count(*) as n from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database() group by wait_event) w) as waiting`

/** Looks at the locks of a database again and again until it is stopped; each look costs PostgreSQL some 0.2 ms. */
export function watchLocks(db: Pool, everyMs: number): { stop(): Promise<LocksSeen> } {
  const stopping = new AbortController()
  const started = performance.now()
  const sums: Record<string, number> = {}
  let looks = 0
  let held = 0
  const look = async () => {
    while (!stopping.signal.aborted) {
      const { rows } = await db.query<{ isHeld: boolean; waiting: Record<string, number> }>({
        name: 'seen',
        text: SEEN,
      })
      const [seen] = rows
      looks += 1
      if (seen?.isHeld) held += 1
      for (const [event, n] of Object.entries(seen?.waiting ?? {})) sums[event] = (sums[event] ?? 0) + n
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const looking = look()
  return {
    async stop() {
      stopping.abort()
      await looking
      const share = (n: number) => n / Math.max(1, looks)
      const waiting = Object.fromEntries(Object.entries(sums).map(([event, n]) => [event, share(n)]))
      return { seconds: (performance.now() - started) / 1000, held: share(held), waiting }
    },
  }
}
