import { WORKING } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Cadence } from './cadence.ts'

/** For how many seconds the oldest notice in a queue has waited for a worker; null when none waits. */
export async function selectUnclaimedSeconds(db: Db): Promise<number | null> {
  const { rows } = await db.query<{ seconds: number | null }>(sql`
    select extract(epoch from now() - min(dispatched_at))::float8 as seconds
    from chunk where state = any(${WORKING}) and lease_until is null and dispatched_at is not null`)
  return rows[0]?.seconds ?? null
}

/** The cadence of every platform, by its ten latest pushes. */
export async function selectCadences(db: Db, platforms: readonly string[]): Promise<Cadence[]> {
  const { rows } = await db.query<Cadence>(sql`
    select g.platform, max(b.created_at) as "lastAt",
      (extract(epoch from max(b.created_at) - min(b.created_at)) / 86400 / nullif(count(*) - 1, 0))::float8 as "everyDays"
    from unnest(${platforms}::text[]) as g(platform)
    cross join lateral (
      select created_at from batch where platform = g.platform and kind = 'push' order by created_at desc limit 10) b
    group by g.platform order by g.platform`)
  return rows
}
