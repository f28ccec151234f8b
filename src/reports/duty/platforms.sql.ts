import type { Platform } from '../../domain/platform.ts'
import { BATCH } from '../../domain/states.ts'
import type { DutyFigures } from '../../io/observe/figures.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

const DAY = 86_400

/**
 * Since when each platform is silent, and how long its agreement goes on. One without a client may not push yet and is not silent;
 * one that never pushed counts from its first client.
 */
export async function selectPlatforms(db: Db, platforms: readonly Platform[]): Promise<DutyFigures['platforms']> {
  if (platforms.length === 0) return []
  const names = platforms.map(({ name }) => name)
  const { rows } = await db.query<{ name: string; since: number | null; at: Date }>(sql`
    select p.name, clock_timestamp() as at, extract(epoch from now() - coalesce(
      (select b.received_at from batch b
       where b.platform = p.name and b.kind = 'push' and b.state <> ${BATCH.receiving}
       order by b.created_at desc limit 1),
      (select min(created_at) from client c where c.platform = p.name)))::float8 as since
    from unnest(${names}::text[]) as p (name)`)
  const found = new Map(rows.map((row) => [row.name, row]))
  return platforms.map(({ name, agreement }) => {
    const row = found.get(name)
    const since = Math.max(row?.since ?? 0, 0)
    const allowed = (agreement.cadenceDays ?? Number.POSITIVE_INFINITY) * DAY
    const end = Date.parse(agreement.validTo) + DAY * 1000
    return {
      name,
      lastPush: since,
      silent: Math.max(since - allowed, 0),
      agreementLeft: (end - (row?.at ?? new Date(end)).getTime()) / 1000,
    }
  })
}
