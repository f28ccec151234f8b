import type { PoolClient } from 'pg'
import type { EventId, WebhookId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { EventType } from './events.ts'
import type { Attempted } from './schedule.ts'

/** A message that this process has taken, with all that sending needs; `claim` is its fence and the number of the attempt. */
export type ClaimedMessage = {
  webhook: WebhookId
  event: EventId
  claim: number
  /** Failures of this series so far. */
  failures: number
  platform: string
  name: string
  url: string
  secret: Buffer
  /** Null when there is none, or its time is over. */
  earlierSecret: Buffer | null
  type: EventType
  data: object
  occurredAt: Date
}

type Key = Pick<ClaimedMessage, 'webhook' | 'event' | 'claim'>

/**
 * Takes due messages, one of a webhook at most, and notes an attempt of each before it is made. Over all processes a webhook has `each`
 * under way, a failing one a single one, and a platform `eachPlatform`: so none takes what others need.
 * Two who look at the same moment do not see each other, and may go beyond by one. The clock is the database's.
 */
export async function claimMessages(
  db: Db,
  bounds: { limit: number; each: number; eachPlatform: number; leaseSeconds: number },
): Promise<ClaimedMessage[]> {
  const { limit, each, eachPlatform, leaseSeconds } = bounds
  const { rows } = await db.query<ClaimedMessage>(sql`
    with busy as materialized (
      select w.id, w.platform, count(*) as calls from webhook_message m join webhook w on w.id = m.webhook
      where m.lease_until > now() group by w.id, w.platform
    ), ready as (
      select w.id from webhook w
      where w.disabled_at is null and (w.rest_until is null or w.rest_until <= now())
        and exists (select from webhook_message m where m.webhook = w.id and m.state = 'due' and m.due_at <= now())
        and coalesce((select b.calls from busy b where b.id = w.id), 0) < case when w.failures > 0 then 1 else ${each} end
        and coalesce((select sum(b.calls) from busy b where b.platform = w.platform), 0) < ${eachPlatform}
    ), next as materialized (
      select m.webhook, m.event from ready cross join lateral (
        select webhook, event, due_at from webhook_message
        where webhook = ready.id and state = 'due' and due_at <= now() and (lease_until is null or lease_until <= now())
        order by due_at, event limit 1 for update skip locked) m
      order by m.due_at limit ${limit}
    ), claimed as (
      update webhook_message m
      set claims = m.claims + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
      from next where m.webhook = next.webhook and m.event = next.event
      returning m.webhook, m.event, m.claims, m.failures
    ), noted as (
      insert into webhook_attempt (webhook, event, number) select webhook, event, claims from claimed
    )
    select c.webhook, c.event, c.claims as claim, c.failures, w.platform, w.name, w.url, w.secret,
      case when w.earlier_until > now() then w.earlier_secret end as "earlierSecret", e.type, e.data,
      e.occurred_at as "occurredAt"
    from claimed c join webhook w on w.id = c.webhook join event e on e.id = c.event`)
  return rows
}

/** Notes how an attempt ended. */
export async function noteAttempt(tx: PoolClient, key: Key, result: Attempted, milliseconds: number): Promise<void> {
  const [said, status] = result.is === 'failed' ? [result.code, result.status] : [result.is, result.status]
  await tx.query(sql`
    update webhook_attempt set result = ${said}, status = ${status}, milliseconds = ${milliseconds}
    where webhook = ${key.webhook} and event = ${key.event} and number = ${key.claim}`)
}

/** Ends a message that we still hold; false when another took it over, or its webhook is disabled or gone. */
export async function endMessage(tx: PoolClient, key: Key, state: 'delivered' | 'failed'): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update webhook_message set state = ${state}, lease_until = null
    where webhook = ${key.webhook} and event = ${key.event} and claims = ${key.claim} and state <> 'delivered'`)
  return rowCount === 1
}

/** Frees a message that we still hold until its next attempt, one failure more. */
export async function postponeMessage(tx: PoolClient, key: Key, seconds: number): Promise<void> {
  await tx.query(sql`
    update webhook_message set failures = failures + 1, failing_since = coalesce(failing_since, now()), lease_until = null,
      due_at = now() + make_interval(secs => ${seconds})
    where webhook = ${key.webhook} and event = ${key.event} and claims = ${key.claim} and state = 'due'`)
}

/** Frees a message as if it had not been taken: its attempt ended with its process. */
export async function releaseMessage(db: Db, key: Key): Promise<void> {
  await db.query(sql`
    update webhook_message set lease_until = null
    where webhook = ${key.webhook} and event = ${key.event} and claims = ${key.claim} and state = 'due'`)
}

/** A webhook answered as it should: its failures are forgotten. */
export async function noteArrival(tx: PoolClient, webhook: WebhookId): Promise<void> {
  await tx.query(sql`
    update webhook set failures = 0, rest_until = null, delivered_at = clock_timestamp() where id = ${webhook}`)
}

/** A webhook failed once more in a row; gives how often it has. */
export async function noteSilence(tx: PoolClient, webhook: WebhookId): Promise<number> {
  const { rows } = await tx.query<{ failures: number }>(sql`
    update webhook set failures = failures + 1 where id = ${webhook} returning failures`)
  return rows[0]?.failures ?? 0
}

/** Leaves a webhook alone for so many seconds. */
export async function restWebhook(tx: PoolClient, webhook: WebhookId, seconds: number): Promise<void> {
  await tx.query(sql`
    update webhook set rest_until = now() + make_interval(secs => ${seconds}) where id = ${webhook}`)
}

/** Whether nothing has arrived at a webhook since a message began to fail. */
export async function isSilentSince(tx: PoolClient, { webhook, event }: Key): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    select from webhook w join webhook_message m on m.webhook = w.id
    where m.webhook = ${webhook} and m.event = ${event}
      and (w.delivered_at is null or w.delivered_at < m.failing_since)`)
  return rowCount === 1
}

/** Mends what a jump of the clock left further in the future than it could have been set. */
export async function mendFutureMessages(
  db: Db,
  most: { lease: number; retry: number; rest: number },
): Promise<number> {
  const { rowCount: messages } = await db.query(sql`
    update webhook_message
    set lease_until = case when lease_until > now() + make_interval(secs => ${2 * most.lease}) then null else lease_until end,
      due_at = case when due_at > now() + make_interval(secs => ${most.retry}) then now() else due_at end
    where state = 'due' and (due_at > now() + make_interval(secs => ${most.retry})
      or lease_until > now() + make_interval(secs => ${2 * most.lease}))`)
  const { rowCount: resting } = await db.query(sql`
    update webhook set rest_until = null where rest_until > now() + make_interval(secs => ${most.rest})`)
  return (messages ?? 0) + (resting ?? 0)
}
