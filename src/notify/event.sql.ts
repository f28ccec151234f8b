import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { NewEvent } from './events.ts'

const PASS = 1000
// Longer than the days from one mark before an agreement's end to the next, so that none is noted a second time.
const KEPT_DAYS = 40
// So long an event of results takes up what comes after it.
const GROWING_SECONDS = 5

/**
 * Notes an event in the transaction that makes it true; false when one of its name is noted already. What settles a batch or refuses a
 * delivery is noted by the database itself (migration 0016).
 */
export async function noteEvent(tx: Db, { platform, type, name, data }: NewEvent): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    insert into event (platform, type, name, data)
    values (${platform}, ${type}, ${name ?? null}, ${JSON.stringify(data)})
    on conflict (name) do nothing`)
  return rowCount === 1
}

/** Makes a message of each new event for every webhook of its platform that wants it; gives how many events were planned. */
export async function planEvents(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`
    with fresh as materialized (
      select id, platform, type from event
      where planned_at is null
        and (type <> 'results.available' or occurred_at <= now() - make_interval(secs => ${GROWING_SECONDS}))
      order by occurred_at limit ${PASS} for update skip locked
    ), made as (
      insert into webhook_message (webhook, event)
      select w.id, fresh.id from fresh
      join webhook w on w.platform = fresh.platform and w.disabled_at is null and fresh.type = any(w.events)
      on conflict do nothing
    )
    update event
    set planned_at = now(), name = case when fresh.type = 'results.available' then null else name end
    from fresh where event.id = fresh.id`)
  return rowCount ?? 0
}

/** Deletes events that are older than 40 days, with their messages and attempts. */
export async function forgetEvents(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from event where id in (
      select id from event where occurred_at < now() - make_interval(days => ${KEPT_DAYS})
      order by occurred_at limit ${PASS} for update skip locked)`)
  return rowCount ?? 0
}
