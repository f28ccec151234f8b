import type { PoolClient } from 'pg'
import type { StageName } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { OrderedPause } from './ordered.ts'
import type { StagePause, Stopped } from './pause.ts'

/** All standing orders; there are few. */
export async function selectPauses(db: Db): Promise<OrderedPause[]> {
  const { rows } = await db.query<OrderedPause>(sql`
    select platform, stage, wish, ordered_by as by, ordered_at as at from stage_pause order by platform, stage`)
  return rows
}

/** Puts an order in the place of the one before. */
export async function putPause(tx: PoolClient, { platform, stage, wish }: StagePause, by: string): Promise<void> {
  await tx.query(sql`
    insert into stage_pause (platform, stage, wish, ordered_by) values (${platform}, ${stage}, ${wish}, ${by})
    on conflict (platform, stage) do update
    set wish = excluded.wish, ordered_by = excluded.ordered_by, ordered_at = now()`)
}

/** Lifts an order; false when there was none. */
export async function deletePause(tx: PoolClient, platform: string, stage: StageName): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    delete from stage_pause where platform = ${platform} and stage = ${stage}`)
  return rowCount === 1
}

/** Calls back what was dispatched and no worker has taken: the epoch moves on, so that the notice in the queue means nothing. */
export async function callBack(tx: PoolClient, stopped: readonly Stopped[]): Promise<void> {
  await tx.query(sql`
    update chunk set epoch = epoch + 1, dispatched_at = null
    from unnest(${stopped.map(({ platform }) => platform)}::text[], ${stopped.map(({ state }) => state)}::text[]) as s (platform, state)
    where chunk.platform = s.platform and chunk.state = s.state and dispatched_at is not null and lease_until is null`)
}
