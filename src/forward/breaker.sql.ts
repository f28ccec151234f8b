import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { LONGEST_SECONDS } from './backoff.ts'

const MOST_PAUSE_SECONDS = LONGEST_SECONDS + 30

/** When a destination is left alone: after so many failures in a row, for so many seconds; a trial holds it as long. */
export type BreakerLimits = { failures: number; openSeconds: number }

/** Whether a destination may be called now; `wait` says for how many seconds it may not. */
export type Passage = { is: 'free' } | { is: 'trial' } | { is: 'wait'; seconds: number }

/**
 * Asks the breaker that all workers share. Once its pause is over, exactly one caller gets the trial: the update is the fence.
 * For all others the pause goes on until the trial has an answer or its time is over.
 */
export async function passBreaker(db: Db, destination: string, limits: BreakerLimits): Promise<Passage> {
  const { rows } = await db.query<{ left: number | null }>(sql`
    select extract(epoch from open_until - now())::float8 as left from destination where name = ${destination}`)
  const left = rows[0]?.left ?? null
  if (left === null) return { is: 'free' }
  // A pause further ahead than any could be set is one of a clock that was set back since.
  if (left > 0 && left <= MOST_PAUSE_SECONDS) return { is: 'wait', seconds: left }
  const { rowCount } = await db.query(sql`
    update destination set open_until = now() + make_interval(secs => ${limits.openSeconds})
    where name = ${destination} and (open_until <= now() or open_until > now() + make_interval(secs => ${MOST_PAUSE_SECONDS}))`)
  return rowCount === 1 ? { is: 'trial' } : { is: 'wait', seconds: limits.openSeconds }
}

/** The destination answered as it should: the breaker closes. */
export async function noteSuccess(db: Db, destination: string): Promise<void> {
  await db.query(sql`
    update destination set failures = 0, open_until = null
    where name = ${destination} and (failures > 0 or open_until is not null)`)
}

/** The destination failed: one more in a row, and the breaker opens when they are enough. */
export async function noteFailure(db: Db, destination: string, limits: BreakerLimits): Promise<void> {
  await db.query(sql`
    insert into destination as d (name, failures, open_until)
    values (${destination}, 1, case when ${limits.failures}::int <= 1 then now() + make_interval(secs => ${limits.openSeconds}) end)
    on conflict (name) do update set failures = d.failures + 1, open_until = case
      when d.failures + 1 >= ${limits.failures}::int then now() + make_interval(secs => ${limits.openSeconds})
      else d.open_until end`)
}

/** The destination asked for a pause: nobody calls it until then, and afterwards one does first. */
export async function notePause(db: Db, destination: string, seconds: number): Promise<void> {
  await db.query(sql`
    insert into destination as d (name, open_until) values (${destination}, now() + make_interval(secs => ${seconds}))
    on conflict (name) do update set open_until = greatest(d.open_until, excluded.open_until)`)
}

/** Ends every pause: the next call of each destination is a trial. */
export async function endPauses(db: Db): Promise<void> {
  await db.query(sql`update destination set open_until = now() where open_until > now()`)
}
