import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { WebhookId } from '../../src/domain/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { planEvents } from '../../src/notify/event.sql.ts'
import {
  claimMessages,
  endMessage,
  mendFutureMessages,
  noteAttempt,
  postponeMessage,
  releaseMessage,
} from '../../src/notify/message.sql.ts'
import { replayEvents } from '../../src/notify/replay.sql.ts'
import { disableWebhook, insertWebhook } from '../../src/notify/webhook.sql.ts'
import { freshDatabase } from '../support/database.ts'
import { noteBatch } from './gateway.ts'

const BOUNDS = { limit: 100, each: 4, eachPlatform: 16, leaseSeconds: 30 }
const ID: WebhookId = 'whk_a'

/** A database with a webhook and so many messages for it. */
async function withMessages(count: number, { id = ID, platform = 'utara' } = {}) {
  const db = await freshDatabase()
  await addWebhook(db.pool, id, platform)
  for (let at = 0; at < count; at++) await noteBatch(db.pool, `bat_${at}`, platform)
  await planEvents(db.pool)
  return db
}

function addWebhook(db: Pool, id: WebhookId, platform = 'utara') {
  const webhook = { id, platform, name: id.slice(4), url: 'https://utara.example/', events: ['batch.settled' as const] }
  return inTransaction(db, (tx) => insertWebhook(tx, webhook, Buffer.from('sealed')))
}

async function states(db: Pool) {
  const { rows } = await db.query<{ state: string; claims: number; failures: number; leased: boolean }>(
    'select state, claims, failures, lease_until is not null as leased from webhook_message order by event',
  )
  return rows
}

const expireLeases = (db: Pool) =>
  db.query("update webhook_message set lease_until = now() - interval '1 second' where lease_until is not null")

describe('a message', () => {
  it('is one claim’s at a time; whoever claims it after the lease fences the one before', async () => {
    await using db = await withMessages(1)
    const claim = async () => (await claimMessages(db.pool, BOUNDS))[0]
    const [first, none] = [await claim(), await claim()]
    expect([first?.claim, none]).toEqual([1, undefined])
    await expireLeases(db.pool)
    const second = await claim()
    expect(second?.claim).toBe(2)
    if (first === undefined || second === undefined) throw new Error('not claimed')
    await inTransaction(db.pool, (tx) => postponeMessage(tx, first, 3600))
    await releaseMessage(db.pool, first)
    expect(await inTransaction(db.pool, (tx) => endMessage(tx, first, 'failed'))).toBe(false)
    expect(await states(db.pool)).toEqual([{ state: 'due', claims: 2, failures: 0, leased: true }])
    await inTransaction(db.pool, (tx) => noteAttempt(tx, first, { is: 'delivered', status: 200 }, 5))
    expect(await inTransaction(db.pool, (tx) => endMessage(tx, second, 'delivered'))).toBe(true)
    expect(await states(db.pool)).toEqual([{ state: 'delivered', claims: 2, failures: 0, leased: false }])
    const { rows } = await db.pool.query('select number, result from webhook_attempt order by number')
    expect(rows).toEqual([
      { number: 1, result: 'delivered' },
      { number: 2, result: null },
    ])
  })

  it('is claimed by one of many who ask at once, four of a webhook at most', async () => {
    await using db = await withMessages(10)
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimMessages(db.pool, BOUNDS)))
    const events = claims.flat().map(({ event }) => event)
    expect(new Set(events).size).toBe(events.length)
    for (let look = 0; look < 10; look++)
      events.push(...(await claimMessages(db.pool, BOUNDS)).map(({ event }) => event))
    // Those who look at the very same moment do not see each other.
    expect(events.length).toBeGreaterThanOrEqual(4)
    expect(events.length).toBeLessThanOrEqual(10)
    expect(await claimMessages(db.pool, BOUNDS)).toEqual([])
  })

  it('of a webhook that fails waits for the one under way, and of one that rests for its rest', async () => {
    await using db = await withMessages(3)
    await db.pool.query('update webhook set failures = 2')
    expect(await claimMessages(db.pool, BOUNDS)).toHaveLength(1)
    expect(await claimMessages(db.pool, BOUNDS)).toEqual([])
    await db.pool.query("update webhook set failures = 0, rest_until = now() + interval '1 minute'")
    expect(await claimMessages(db.pool, BOUNDS)).toEqual([])
    await db.pool.query("update webhook set rest_until = now() - interval '1 second'")
    expect(await claimMessages(db.pool, BOUNDS)).toHaveLength(1)
  })

  it('that arrived although its webhook was disabled meanwhile has arrived', async () => {
    await using db = await withMessages(2)
    const [claimed] = await claimMessages(db.pool, BOUNDS)
    if (claimed === undefined) throw new Error('not claimed')
    const disable = () => inTransaction(db.pool, (tx) => disableWebhook(tx, ID, 'gone'))
    expect([await disable(), await disable()]).toEqual([true, false])
    expect(await inTransaction(db.pool, (tx) => endMessage(tx, claimed, 'delivered'))).toBe(true)
    expect((await states(db.pool)).map(({ state }) => state).sort()).toEqual(['delivered', 'failed'])
    expect(await claimMessages(db.pool, BOUNDS)).toEqual([])
  })

  it('is planned for webhooks that are there and want it, when the event is', async () => {
    await using db = await withMessages(1)
    await addWebhook(db.pool, 'whk_b')
    await addWebhook(db.pool, 'whk_c', 'selatan')
    await addWebhook(db.pool, 'whk_d')
    await inTransaction(db.pool, (tx) => disableWebhook(tx, 'whk_d', 'failing'))
    await noteBatch(db.pool, 'bat_later')
    await Promise.all([planEvents(db.pool), planEvents(db.pool), planEvents(db.pool)])
    const { rows } = await db.pool.query(
      'select webhook, count(*)::integer as messages from webhook_message group by 1 order by 1',
    )
    expect(rows).toEqual([
      { webhook: 'whk_a', messages: 2 },
      { webhook: 'whk_b', messages: 1 },
    ])
  })

  it('that a jump of the clock put far off is due, and its webhook is not left alone for years', async () => {
    await using db = await withMessages(3)
    const most = { lease: 400, retry: 97_200, rest: 3700 }
    await db.pool.query("update webhook set rest_until = now() + interval '1 hour'")
    await db.pool.query(
      "update webhook_message set due_at = now() + interval '24 hours', lease_until = now() + interval '60 seconds'",
    )
    expect(await mendFutureMessages(db.pool, most)).toBe(0)
    await db.pool.query("update webhook set rest_until = now() + interval '1 year'")
    await db.pool.query(
      "update webhook_message set due_at = now() + interval '1 year', lease_until = now() + interval '1 year'",
    )
    expect(await mendFutureMessages(db.pool, most)).toBe(4)
    expect(await claimMessages(db.pool, BOUNDS)).toHaveLength(1)
  })
})

describe('a replay', () => {
  it('takes the oldest up to its limit and says where to go on', async () => {
    await using db = await withMessages(5)
    await db.pool.query(
      "update event set occurred_at = timestamptz '2026-11-01T00:00:00Z' + make_interval(hours => right(data ->> 'batch', 1)::integer)",
    )
    await db.pool.query("update webhook_message set state = 'delivered', failures = 3")
    const webhook = { id: ID, platform: 'utara', events: ['batch.settled' as const] }
    const to = new Date('2026-11-02T00:00:00Z')
    const replay = (from: Date) => inTransaction(db.pool, (tx) => replayEvents(tx, webhook, { from, to }, 3))
    const first = await replay(new Date('2026-11-01T00:00:00Z'))
    expect(first).toEqual({ events: 3, next: new Date('2026-11-01T03:00:00Z') })
    expect(await replay(first.next as Date)).toEqual({ events: 2, next: null })
    expect(await states(db.pool)).toEqual(Array(5).fill({ state: 'due', claims: 0, failures: 0, leased: false }))
  })
})
