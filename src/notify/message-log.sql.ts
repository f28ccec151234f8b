import type { WebhookId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { LoggedMessage } from './webhook.ts'

/** Messages of a webhook, those of the newest events first, after one of them when it is given. */
export async function listMessages(
  db: Db,
  { id, platform }: { id: WebhookId; platform: string },
  { after, limit }: { after: string | null; limit: number },
): Promise<LoggedMessage[]> {
  const { rows } = await db.query<LoggedMessage>(sql`
    select m.event, e.type, e.occurred_at as "occurredAt", m.state, m.claims as attempts, a.result, a.status,
      a.started_at as "triedAt",
      case when m.state = 'due' and (m.lease_until is null or m.lease_until <= now()) then m.due_at end as "nextAt"
    from event e join webhook_message m on m.webhook = ${id} and m.event = e.id
    left join webhook_attempt a on a.webhook = m.webhook and a.event = m.event and a.number = m.claims
    where e.platform = ${platform} and (${after}::text is null
      or (e.occurred_at, e.id) < (select b.occurred_at, b.id from event b where b.id = ${after}))
    order by e.occurred_at desc, e.id desc limit ${limit}`)
  return rows
}
