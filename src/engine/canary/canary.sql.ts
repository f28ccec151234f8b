import { LANES, type Lane, STAGES, type StageName } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A marker that is to be sent; `isAgain` where the one before was not answered. */
export type MarkedCanary = { stage: StageName; lane: Lane; round: number; isAgain: boolean }

/**
 * Marks what is to be sent: one for each stage and lane, so many seconds after the last came through, and once more where one has
 * been under way for `againSeconds`. The clock is the database's; a moment that lies ahead, since the clock was set back, is past.
 */
export async function markCanaries(
  db: Db,
  { everySeconds, againSeconds }: { everySeconds: number; againSeconds: number },
): Promise<MarkedCanary[]> {
  await db.query(sql`
    insert into canary (stage, lane)
    select stage, lane from unnest(${[...STAGES]}::text[]) as s (stage), unnest(${[...LANES]}::text[]) as l (lane)
    on conflict do nothing`)
  const { rows } = await db.query<MarkedCanary>(sql`
    update canary c set round = c.round + 1, sent_at = now()
    from canary before
    where before.stage = c.stage and before.lane = c.lane and c.stage = any(${[...STAGES]}::text[])
      and (c.sent_at not between now() - make_interval(secs => ${againSeconds}) and now()
        or c.sent_at is null and c.passed_at not between now() - make_interval(secs => ${everySeconds}) and now()
        or c.sent_at is null and c.round = 0)
    returning c.stage, c.lane, c.round, before.sent_at is not null as "isAgain"`)
  return rows
}

/** Says that a marker came through; false for one that another has followed, or that was answered before. */
export async function passCanary(
  db: Db,
  { stage, lane, round }: Pick<MarkedCanary, 'stage' | 'lane' | 'round'>,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update canary set sent_at = null, passed_at = clock_timestamp()
    where stage = ${stage} and lane = ${lane} and round = ${round} and sent_at is not null`)
  return rowCount === 1
}
