import type { PoolClient } from 'pg'
import type { WebhookId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Webhook } from './webhook.ts'

const COLUMNS = `w.id, w.platform, w.name, w.url, w.events, w.created_at as "createdAt", w.updated_at as "updatedAt",
  case when w.earlier_until > now() then w.earlier_until end as "earlierUntil", w.disabled_at as "disabledAt",
  w.disabled_reason as "disabledReason", w.delivered_at as "deliveredAt", w.failures,
  case when w.rest_until > now() then w.rest_until end as "restUntil",
  (select count(*)::integer from webhook_message m where m.webhook = w.id and m.state = 'due') as due,
  (select count(*)::integer from webhook_message m where m.webhook = w.id and m.state = 'failed') as failed`

/** Webhooks of a platform (null: of all), by platform and name, after one of them when it is given. */
export async function listWebhooks(
  db: Db,
  { platform, after, limit }: { platform: string | null; after: readonly [string, string]; limit: number },
): Promise<Webhook[]> {
  const { rows } = await db.query<Webhook>(
    `select ${COLUMNS} from webhook w
    where ($1::text is null or w.platform = $1) and (w.platform, w.name) > ($2, $3)
    order by w.platform, w.name limit $4`,
    [platform, ...after, limit],
  )
  return rows
}

/** One webhook of a platform; undefined when there is none of this name. */
export async function findWebhook(db: Db, platform: string, name: string): Promise<Webhook | undefined> {
  const { rows } = await db.query<Webhook>(`select ${COLUMNS} from webhook w where w.platform = $1 and w.name = $2`, [
    platform,
    name,
  ])
  return rows[0]
}

/** As `findWebhook`, and keeps the webhook from being changed or sent to until the transaction ends. */
export async function lockWebhook(tx: PoolClient, platform: string, name: string): Promise<Webhook | undefined> {
  await tx.query(sql`select from webhook where platform = ${platform} and name = ${name} for no key update`)
  return findWebhook(tx, platform, name)
}

/** Lets one transaction at a time change which webhooks a platform has, and says how many it has. */
export async function countWebhooks(tx: PoolClient, platform: string): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`titian webhooks ${platform}`}))`)
  const { rows } = await tx.query<{ count: number }>(sql`
    select count(*)::integer as count from webhook where platform = ${platform}`)
  return rows[0]?.count ?? 0
}

/** Adds a webhook with its sealed secret. */
export async function insertWebhook(
  tx: PoolClient,
  webhook: Pick<Webhook, 'id' | 'platform' | 'name' | 'url' | 'events'>,
  secret: Buffer,
): Promise<void> {
  await tx.query(sql`
    insert into webhook (id, platform, name, url, events, secret)
    values (${webhook.id}, ${webhook.platform}, ${webhook.name}, ${webhook.url}, ${webhook.events}, ${secret})`)
}

/** Gives a webhook another address and other events, and enables it; what was given up meanwhile stays so until a replay. */
export async function updateWebhook(
  tx: PoolClient,
  { id, url, events }: Pick<Webhook, 'id' | 'url' | 'events'>,
): Promise<void> {
  await tx.query(sql`
    update webhook set url = ${url}, events = ${events}, updated_at = now(),
      disabled_at = null, disabled_reason = null, failures = 0, rest_until = null
    where id = ${id}`)
}

/** Puts a new sealed secret in place; the present one goes on for so many hours, the one before it ends. Gives when. */
export async function rotateSecret(tx: PoolClient, id: WebhookId, secret: Buffer, hours: number): Promise<Date | null> {
  const { rows } = await tx.query<{ until: Date | null }>(sql`
    update webhook set secret = ${secret}, updated_at = now(),
      earlier_secret = case when ${hours}::integer > 0 then secret end,
      earlier_until = case when ${hours}::integer > 0 then now() + make_interval(hours => ${hours}) end
    where id = ${id} returning earlier_until as until`)
  return rows[0]?.until ?? null
}

/** Removes a webhook with its messages and their attempts. */
export async function deleteWebhook(tx: PoolClient, id: WebhookId): Promise<void> {
  await tx.query(sql`delete from webhook where id = ${id}`)
}

/** Sends nothing more to a webhook: what waits is given up, and a replay brings it back. False when it is disabled already. */
export async function disableWebhook(tx: PoolClient, id: WebhookId, reason: 'gone' | 'failing'): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update webhook set disabled_at = now(), disabled_reason = ${reason} where id = ${id} and disabled_at is null`)
  if (rowCount !== 1) return false
  await tx.query(
    sql`update webhook_message set state = 'failed', lease_until = null where webhook = ${id} and state = 'due'`,
  )
  return true
}

/** Forgets secrets whose time is over. */
export async function forgetSecrets(db: Db): Promise<number> {
  const { rowCount } = await db.query(sql`
    update webhook set earlier_secret = null, earlier_until = null where earlier_until < now()`)
  return rowCount ?? 0
}
