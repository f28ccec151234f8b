import { describe, expect, it } from 'vitest'
import { noteBatch, openWebhooks } from './gateway.ts'

type View = { name: string; url: string; events: string[]; state: string; secret?: string; created_at: string }
type Page = { webhooks: View[]; next: string | null }
type Problem = { type: string; errors?: { pointer: string; code: string }[] }

const URL_OF_IT = 'https://utara.example/titian'
const EVENTS = ['batch.settled', 'agreement.ending']

describe('a webhook of a platform', () => {
  it('is added with a secret that is shown once, changed, listed and removed', async () => {
    await using gateway = await openWebhooks()
    const { send } = gateway
    const added = await send<View>('PUT', '/utama', { url: URL_OF_IT, events: EVENTS })
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'utama', url: URL_OF_IT, events: EVENTS, state: 'enabled' },
    })
    expect(added.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const again = await send<View>('PUT', '/utama', { url: URL_OF_IT, events: EVENTS })
    expect([again.status, again.body.secret, again.body.created_at]).toEqual([200, undefined, added.body.created_at])
    const { rows: written } = await gateway.db.pool.query("select action from audit where kind = 'webhook'")
    expect(written).toEqual([{ action: 'webhook.set' }])
    const changed = await send<View>('PUT', '/utama', { url: 'https://utara.example:8443', events: ['batch.settled'] })
    expect(changed.body).toMatchObject({ url: 'https://utara.example:8443/', events: ['batch.settled'] })
    expect((await send<Page>('GET', '')).body).toMatchObject({ webhooks: [{ name: 'utama' }], next: null })
    expect((await send<View>('GET', '/utama')).body).not.toHaveProperty('secret')
    const { rows } = await gateway.db.pool.query<{ secret: Buffer }>('select secret from webhook')
    expect(rows[0]?.secret.toString('latin1')).not.toContain('whsec_')
    expect((await send('DELETE', '/utama')).status).toBe(204)
    expect((await send('DELETE', '/utama')).status).toBe(404)
    expect((await send<Page>('GET', '')).body.webhooks).toEqual([])
  })

  it('is no other platform’s to see or to touch, and ops sees all by pages', async () => {
    await using gateway = await openWebhooks()
    await gateway.send('PUT', '/utama', { url: URL_OF_IT, events: EVENTS })
    const other = await gateway.caller('selatan', ['webhooks:write'])
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['GET', '/attempts'],
    ] as const)
      expect([path, (await other(`/v1/webhooks/utama${path}`, { method })).status]).toEqual([path, 404])
    const body = JSON.stringify({ url: URL_OF_IT, events: EVENTS })
    const headers = { 'content-type': 'application/json' }
    expect((await other('/v1/webhooks/utama', { method: 'PUT', body, headers })).status).toBe(201)
    const ops = await gateway.caller(null, ['ops'])
    const page = async (query: string) => (await (await ops(`/v1/webhooks?limit=1${query}`)).json()) as Page
    const first = await page('')
    expect(first).toMatchObject({ webhooks: [{ platform: 'selatan' }], next: 'selatan/utama' })
    expect(await page(`&after=${first.next}`)).toMatchObject({ webhooks: [{ platform: 'utara' }], next: null })
    expect((await ops('/v1/webhooks/utama')).status).toBe(403)
    const reader = await gateway.caller('utara', ['batches:read'])
    expect((await reader('/v1/webhooks')).status).toBe(403)
  })

  it.each([
    ['http://utara.example/', 'address-private'],
    ['https://10.0.0.1/', 'address-private'],
    ['https://[::1]/', 'address-private'],
    ['https://user:secret@utara.example/', 'credentials-in-url'],
    ['https://utara.example:25/', 'port-refused'],
  ])('is refused at %s', async (url, code) => {
    await using gateway = await openWebhooks()
    const { status, body } = await gateway.send<Problem>('PUT', '/utama', { url, events: EVENTS })
    // A name is judged when it is called; until then it may be one of a configured network.
    if (url.startsWith('http:')) return expect(status).toBe(201)
    expect([status, body.errors]).toMatchObject([422, [{ pointer: '/body/url', code }]])
    expect(JSON.stringify(body)).not.toContain('secret@')
  })

  it.each([
    [{ url: URL_OF_IT, events: [] }],
    [{ url: URL_OF_IT, events: ['batch.settled', 'batch.settled'] }],
    [{ url: URL_OF_IT, events: ['webhook.test'] }],
    [{ url: URL_OF_IT }],
    [{ url: URL_OF_IT, events: EVENTS, secret: 'mine' }],
  ])('is refused as %j', async (body) => {
    await using gateway = await openWebhooks()
    expect((await gateway.send('PUT', '/utama', body)).status).toBe(400)
    expect((await gateway.send('PUT', '/UTAMA', { url: URL_OF_IT, events: EVENTS })).status).toBe(400)
  })

  it('is one of ten at most, however many are added at once', async () => {
    await using gateway = await openWebhooks()
    const add = (at: number) => gateway.send<Problem>('PUT', `/w${at}`, { url: URL_OF_IT, events: EVENTS })
    const added = await Promise.all(Array.from({ length: 14 }, (_, at) => add(at)))
    expect(added.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), ...Array(4).fill(409)])
    expect(added.find(({ status }) => status === 409)?.body.type).toContain('webhooks-too-many')
    const [kept] = (await gateway.send<Page>('GET', '')).body.webhooks
    expect((await gateway.send('PUT', `/${kept?.name}`, { url: URL_OF_IT, events: ['batch.settled'] })).status).toBe(
      200,
    )
  })
})

describe('a replay', () => {
  it('takes the events of the span that the webhook wants, under the ids that they have', async () => {
    await using gateway = await openWebhooks()
    const { pool } = gateway.db
    await gateway.send('PUT', '/utama', { url: URL_OF_IT, events: ['batch.settled'] })
    for (const batch of ['bat_1', 'bat_2', 'bat_3']) await noteBatch(pool, batch)
    await noteBatch(pool, 'bat_4', 'selatan')
    await pool.query(
      "update event set occurred_at = timestamptz '2026-11-01T00:00:00Z' + make_interval(days => right(data ->> 'batch', 1)::integer - 1)",
    )
    const replay = (from: string, to: string) =>
      gateway.send<{ events: number; next: string | null }>('POST', '/utama/replay', { from, to })
    expect((await replay('2026-11-02T00:00:00Z', '2026-11-05T00:00:00Z')).body).toEqual({ events: 2, next: null })
    expect((await replay('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z')).body).toEqual({ events: 1, next: null })
    const { rows } = await pool.query(
      "select data ->> 'batch' as batch from webhook_message m join event e on e.id = m.event order by 1",
    )
    expect(rows.map(({ batch }) => batch)).toEqual(['bat_1', 'bat_2', 'bat_3'])
    expect((await replay('2026-11-05T00:00:00Z', '2026-11-05T00:00:00Z')).status).toBe(400)
    expect((await replay('yesterday', 'today')).status).toBe(400)
    expect((await replay('2016-12-31T23:59:60Z', '2026-11-05T00:00:00Z')).status).toBe(400)
    expect((await replay('0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z')).body).toEqual({ events: 3, next: null })
  })
})
