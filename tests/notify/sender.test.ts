import { describe, expect, it } from 'vitest'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { until } from '../support/running.ts'
import { noteBatch, openWebhooks, sending } from './gateway.ts'
import { type Heard, openListener, verified } from './listener.ts'

type Attempt = {
  event: string
  type: string
  number: number
  result: string | null
  status: number | null
  next_try_at: string | null
}
type Shown = {
  state: string
  disabled_reason: string | null
  due: number
  failed: number
  secret: string
  resting_until: string | null
}

const ALL = ['batch.settled', 'results.available', 'delivery.refused', 'agreement.ending']

/** A gateway, a listener with a webhook of its own, and how they are asked. */
async function openPair(answering: Parameters<typeof openListener>[0] = 204) {
  const stack = new AsyncDisposableStack()
  const listener = stack.use(await openListener(answering))
  const gateway = stack.use(await openWebhooks())
  const { secret } = (await gateway.send<Shown>('PUT', '/utama', { url: listener.url, events: ALL })).body
  const { pool: db } = gateway.db
  const show = async () => (await gateway.send<Shown>('GET', '/utama')).body
  return {
    ...{ listener, gateway, db, secret, show },
    send: gateway.send,
    start: (over: Parameters<typeof sending>[1] = {}) => sending({ db, vault: gateway.vault }, over),
    attempts: async () => (await gateway.send<{ attempts: Attempt[] }>('GET', '/utama/attempts')).body.attempts,
    isQuiet: async () => (await show()).due === 0,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const batchOf = ({ body }: Heard) => (JSON.parse(body) as { data: { batch: string } }).data.batch

describe('a message', () => {
  it('arrives once, signed as others’ library verifies it, and holds what happened', async () => {
    await using pair = await openPair()
    await noteBatch(pair.db, 'bat_1')
    await noteBatch(pair.db, 'bat_2', 'selatan')
    await using _sender = pair.start()
    await until(() => pair.listener.heard.length > 0)
    await until(pair.isQuiet)
    const [heard, ...more] = pair.listener.heard as [Heard]
    expect(more).toEqual([])
    expect(verified(pair.secret, heard)).toMatchObject({ type: 'batch.settled', data: { batch: 'bat_1', received: 1 } })
    expect(heard.headers['content-type']).toBe('application/json')
    expect(await pair.attempts()).toMatchObject([
      {
        event: heard.id,
        number: 1,
        result: 'delivered',
        status: 204,
        next_try_at: null,
        milliseconds: expect.any(Number),
      },
    ])
    expect(() => verified(pair.secret, { ...heard, body: heard.body.replace('bat_1', 'bat_9') })).toThrow()
  })

  it('is tried again under the same id and with the same body, after a pause each time', async () => {
    await using pair = await openPair((response, _request, nth) => response.writeHead(nth < 3 ? 500 : 200).end('x'))
    await noteBatch(pair.db, 'bat_1')
    await using _sender = pair.start({ schedule: [1, 2, 3] })
    const { heard } = pair.listener
    await until(() => heard.length === 3)
    expect(new Set(heard.map(({ id, body }) => id + body)).size).toBe(1)
    for (const one of heard) verified(pair.secret, one)
    const [first = 0, second = 0, third = 0] = heard.map(({ at }) => at)
    expect([second - first > 990, third - second > 1990]).toEqual([true, true])
    await until(pair.isQuiet)
    expect((await pair.attempts()).map(({ number, result, status }) => [number, result, status])).toEqual([
      [3, 'delivered', 200],
      [2, 'refused', 500],
      [1, 'refused', 500],
    ])
  })

  it('goes out once while two senders are at work', async () => {
    await using pair = await openPair()
    await using _one = pair.start()
    await using _other = pair.start()
    const batches = Array.from({ length: 60 }, (_, at) => `bat_${at}`)
    await Promise.all(batches.map((batch) => noteBatch(pair.db, batch)))
    await until(() => pair.listener.heard.length >= 60)
    await until(pair.isQuiet)
    expect(pair.listener.heard.map(batchOf).sort()).toEqual(batches.sort())
  })

  it('that its sender could not finish is sent by the next one', async () => {
    await using pair = await openPair(() => undefined)
    await noteBatch(pair.db, 'bat_1')
    {
      await using _stopped = pair.start({ deadlineMs: 60_000 })
      await until(() => pair.listener.heard.length === 1)
    }
    pair.listener.answer(204)
    await using _next = pair.start()
    await until(pair.isQuiet)
    expect((await pair.attempts()).map(({ number, result }) => [number, result])).toEqual([
      [2, 'delivered'],
      [1, null],
    ])
  })

  it('is not followed to where a redirect points', async () => {
    await using elsewhere = await openListener()
    await using pair = await openPair((response) => response.writeHead(307, { location: elsewhere.url }).end())
    await noteBatch(pair.db, 'bat_1')
    await using _sender = pair.start({ schedule: [60] })
    await until(async () => (await pair.attempts())[0]?.result === 'refused')
    expect((await pair.attempts())[0]).toMatchObject({ status: 307, next_try_at: expect.any(String) })
    expect(elsewhere.heard).toEqual([])
  })
})

describe('a webhook', () => {
  it('that hangs holds up no other', async () => {
    await using pair = await openPair(() => undefined)
    await using brisk = await openListener()
    await pair.send('PUT', '/lancar', { url: brisk.url, events: ALL })
    const batches = Array.from({ length: 30 }, (_, at) => `bat_${at}`)
    for (const batch of batches) await noteBatch(pair.db, batch)
    await using _sender = pair.start({ deadlineMs: 60_000 })
    await until(() => brisk.heard.length === 30)
    // Four at a time, and no more before they have an answer.
    expect(pair.listener.heard.length).toBeLessThanOrEqual(4)
  })

  it('takes no more than its platform may have under way, however many the platform has', async () => {
    await using pair = await openPair(() => undefined)
    for (const name of ['b', 'c', 'd', 'e', 'f', 'g'])
      await pair.send('PUT', `/${name}`, { url: pair.listener.url, events: ALL })
    await using other = await openListener()
    const selatan = await pair.gateway.caller('selatan', ['webhooks:write'])
    const body = JSON.stringify({ url: other.url, events: ALL })
    await selatan('/v1/webhooks/a', { method: 'PUT', body, headers: { 'content-type': 'application/json' } })
    for (let at = 0; at < 8; at++) for (const one of ['utara', 'selatan']) await noteBatch(pair.db, `bat_${at}`, one)
    await using _sender = pair.start({ deadlineMs: 60_000 })
    await until(() => other.heard.length === 8)
    await until(() => pair.listener.heard.length >= 16)
    // A look takes one message of each webhook, so the last one may go beyond by six.
    expect(pair.listener.heard.length).toBeLessThanOrEqual(22)
  })

  it('that fails is asked by one message at a time, and left alone as long as it asks', async () => {
    await using pair = await openPair((response) => response.writeHead(503, { 'retry-after': '600' }).end())
    for (const batch of ['bat_1', 'bat_2', 'bat_3']) await noteBatch(pair.db, batch)
    await pair.db.query('update webhook set failures = 1')
    await using _sender = pair.start()
    await until(async () => (await pair.show()).resting_until !== null)
    expect(Date.parse((await pair.show()).resting_until ?? '')).toBeGreaterThan(Date.now() + 500_000)
    expect(pair.listener.heard).toHaveLength(1)
  })

  it('that answers 410 is disabled at once, and gets all of it again when it is set anew and asks', async () => {
    await using pair = await openPair(410)
    const from = new Date(Date.now() - 60_000).toISOString()
    for (const batch of ['bat_1', 'bat_2', 'bat_3']) await noteBatch(pair.db, batch)
    await using _sender = pair.start()
    await until(async () => (await pair.show()).state === 'disabled')
    await until(async () => (await pair.show()).failed === 3)
    expect(await pair.show()).toMatchObject({ disabled_reason: 'gone', due: 0 })
    const [event] = await pair.attempts()
    const { rows } = await pair.db.query<{ id: string }>('select id from webhook')
    expect(
      (await readAuditOf(pair.db, 'webhook', rows[0]?.id ?? '')).map(({ action, actor }) => [action, actor]),
    ).toEqual([
      ['webhook.set', pair.gateway.client.id],
      ['webhook.disabled', 'titian'],
    ])
    const span = { from, to: new Date(Date.now() + 60_000).toISOString() }
    expect((await pair.send('POST', '/utama/replay', span)).status).toBe(409)
    pair.listener.answer(204)
    const { heard } = pair.listener
    const before = heard.length
    expect((await pair.send('PUT', '/utama', { url: pair.listener.url, events: ALL })).body).not.toHaveProperty(
      'secret',
    )
    expect((await pair.send('POST', '/utama/replay', span)).body).toEqual({ events: 3, next: null })
    await until(pair.isQuiet)
    expect(heard.slice(before).map(batchOf).sort()).toEqual(['bat_1', 'bat_2', 'bat_3'])
    expect(heard.slice(before).map(({ id }) => id)).toContain(event?.event)
    for (const one of heard) verified(pair.secret, one)
  })

  it('at which nothing arrives is disabled after the last attempt', async () => {
    await using pair = await openPair((response) => response.destroy())
    await noteBatch(pair.db, 'bat_1')
    await using _sender = pair.start({ schedule: [0.1, 0.1] })
    await until(async () => (await pair.show()).state === 'disabled')
    expect(await pair.show()).toMatchObject({ disabled_reason: 'failing', due: 0, failed: 1 })
    expect((await pair.attempts()).map(({ result }) => result)).toEqual(Array(3).fill('UND_ERR_SOCKET'))
  })

  it('that takes all but one message stays, and that one is given up', async () => {
    await using pair = await openPair()
    const answer: Parameters<typeof pair.listener.answer>[0] = (response) => {
      const last = pair.listener.heard.at(-1)
      response.writeHead(last && batchOf(last) === 'bat_bad' ? 400 : 200).end()
    }
    pair.listener.answer(answer)
    await using _sender = pair.start({ schedule: [0.1, 0.1] })
    await noteBatch(pair.db, 'bat_bad')
    await until(() => pair.listener.heard.length > 0)
    await noteBatch(pair.db, 'bat_good')
    await until(pair.isQuiet)
    expect(await pair.show()).toMatchObject({ state: 'enabled', failed: 1 })
  })

  it('is tested by one attempt, whose end it sees; a failed test is not tried again', async () => {
    await using pair = await openPair(500)
    await using _sender = pair.start()
    const { event } = (await pair.send<{ event: string }>('POST', '/utama/test')).body
    const seen = async () =>
      (await pair.send<{ attempts: Attempt[] }>('GET', `/utama/attempts?event=${event}`)).body.attempts
    await until(async () => typeof (await seen())[0]?.result === 'string')
    expect(await seen()).toMatchObject([
      { event, type: 'webhook.test', result: 'refused', status: 500, next_try_at: null },
    ])
    expect(await pair.show()).toMatchObject({ state: 'enabled', due: 0, failed: 1 })
  })

  it('is signed for by both secrets while they overlap, and by the new one alone afterwards', async () => {
    await using pair = await openPair()
    await using _sender = pair.start()
    const { secret: next } = (await pair.send<Shown>('POST', '/utama/secret', { overlap_hours: 24 })).body
    const hear = async (batch: string): Promise<Heard> => {
      await noteBatch(pair.db, batch)
      await until(() => pair.listener.heard.some((one) => batchOf(one) === batch))
      return pair.listener.heard.find((one) => batchOf(one) === batch) as Heard
    }
    const both = await hear('bat_1')
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    for (const secret of [pair.secret, next]) verified(secret, both)
    await pair.db.query("update webhook set earlier_until = now() - interval '1 second'")
    const alone = await hear('bat_2')
    verified(next, alone)
    expect(() => verified(pair.secret, alone)).toThrow()
  })
})
