import type { PoolClient } from 'pg'
import type { EventId, WebhookId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { ListedAttempt, Webhook } from './webhook.ts'

/**
 * Makes the events of a platform in a span of time due again for one webhook, under the ids that they have: the oldest `limit` of them.
 * Gives how many, and the time of the first that was left out; the span ends before `to`.
 */
export async function replayEvents(
  tx: PoolClient,
  { id, platform, events }: Pick<Webhook, 'id' | 'platform' | 'events'>,
  { from, to }: { from: Date; to: Date },
  limit: number,
): Promise<{ events: number; next: Date | null }> {
  const { rows } = await tx.query<{ count: number; next: Date | null }>(sql`
    with chosen as materialized (
      select id, occurred_at, row_number() over (order by occurred_at, id) as place from event
      where platform = ${platform} and type = any(${events}) and occurred_at >= ${from} and occurred_at < ${to}
      order by occurred_at, id limit ${limit + 1}
    ), again as (
      insert into webhook_message (webhook, event) select ${id}, id from chosen where place <= ${limit}
      on conflict (webhook, event) do update
        set state = 'due', due_at = now(), failures = 0, failing_since = null
    )
    select least(count(*), ${limit})::integer as count, max(occurred_at) filter (where place > ${limit}) as next from chosen`)
  return { events: rows[0]?.count ?? 0, next: rows[0]?.next ?? null }
}

/** Sends a test to one webhook alone; gives the event's id. */
export async function noteTest(tx: PoolClient, { id, platform, name }: Pick<Webhook, 'id' | 'platform' | 'name'>) {
  const { rows } = await tx.query<{ event: EventId }>(sql`
    with test as (
      insert into event (platform, type, data, planned_at)
      values (${platform}, 'webhook.test', ${JSON.stringify({ webhook: name })}, now()) returning id
    )
    insert into webhook_message (webhook, event) select ${id}, id from test returning event`)
  return rows[0]?.event as EventId
}

/** Attempts of a webhook, the newest first, after one of them when it is given. */
export async function listAttempts(
  db: Db,
  webhook: WebhookId,
  { after, event, limit }: { after: { event: string; number: number } | null; event: string | null; limit: number },
): Promise<ListedAttempt[]> {
  const { rows } = await db.query<ListedAttempt>(sql`
    select a.event, e.type, a.number, a.started_at as "startedAt", a.milliseconds, a.result, a.status,
      case when m.state = 'due' and m.claims = a.number and (m.lease_until is null or m.lease_until <= now())
        then m.due_at end as "nextAt"
    from webhook_attempt a join webhook_message m using (webhook, event) join event e on e.id = a.event
    where a.webhook = ${webhook} and (${event}::text is null or a.event = ${event})
      and (${after?.event ?? null}::text is null or (a.started_at, a.event, a.number) < (
        select b.started_at, b.event, b.number from webhook_attempt b
        where b.webhook = ${webhook} and b.event = ${after?.event ?? null} and b.number = ${after?.number ?? null}::integer))
    order by a.started_at desc, a.event desc, a.number desc limit ${limit}`)
  return rows
}
