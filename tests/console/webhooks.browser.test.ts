import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { browse } from './browse.ts'
import { openDesk } from './desk.ts'

const MESSAGES = 60
const FORM = 'application/x-www-form-urlencoded'

/** A webhook that was given up on for a while: messages in each state, and an answer for each. */
async function addWebhook(db: Pool): Promise<void> {
  await db.query(
    `insert into webhook (id, platform, name, url, events, secret, failures, rest_until)
    values ('whk_1', 'jembrana', 'utama', 'https://jembrana.example/titian/pemberitahuan/<b>', '{batch.settled}', $1, 3, now() + interval '5 minutes'),
      ('whk_2', 'sumedang', 'cadangan', 'https://sumedang.example/kabar', '{results.available}', $1, 0, null)`,
    [randomBytes(8)],
  )
  await db.query("update webhook set disabled_at = now(), disabled_reason = 'gone' where id = 'whk_2'")
  await db.query(
    `with noted as (
      insert into event (id, platform, type, data, occurred_at, planned_at)
      select 'evt_' || lpad(to_hex(i), 32, '0'), 'jembrana', 'batch.settled', '{}', now() - make_interval(mins => i), now()
      from generate_series(1, $1::integer) i returning id, occurred_at
    ), messages as (
      insert into webhook_message (webhook, event, state, claims, due_at)
      select 'whk_1', id, (array['due', 'delivered', 'failed'])[1 + row_number() over (order by id) % 3], 2, now() + interval '1 hour'
      from noted returning event
    )
    select from messages`,
    [MESSAGES],
  )
  await db.query(
    `insert into webhook_attempt (webhook, event, number, milliseconds, result, status)
    select webhook, event, 2, 12, case state when 'delivered' then 'delivered' else 'refused' end, case state when 'delivered' then 204 else 503 end
    from webhook_message`,
  )
}

describe('the page of webhooks', () => {
  it('shows ops how each fares and what became of its messages, page by page, in both languages', async () => {
    await using desk = await openDesk()
    await addWebhook(desk.db.pool)
    const ops = await browse(desk, ['ops'])
    expect((await (await browse(desk, ['steward']))('/console/webhooks')).status).toBe(403)
    const list = await (await ops('/console/webhooks?lang=en')).text()
    for (const words of ['jembrana · utama', 'rests until', 'disabled: the address answered 410', '/&lt;b&gt;'])
      expect(list).toContain(words)
    expect(await (await ops('/console/webhooks?platform=sumedang')).text()).not.toContain('jembrana · utama')
    const events = new Set<string>()
    let pages = 0
    for (let path: string | undefined = '/console/webhooks?platform=jembrana&name=utama&lang=id'; path; pages++) {
      const text = await (await ops(path)).text()
      for (const [, event = ''] of text.matchAll(/<code title="(evt_[0-9a-f]+)"/g)) events.add(event)
      expect(text).toMatch(/menunggu|sampai|dihentikan/)
      expect(text).toMatch(/HTTP 503|HTTP 204/)
      path = /<p class="more"><a href="([^"#]*message=[^"#]*)#log"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect([events.size, pages]).toEqual([MESSAGES, 2])
    for (const path of ['?platform=jembrana&name=lain', '?platform=jembrana&name=utama&message=x', '?platform=%3Cb%3E'])
      expect([path, (await ops(`/console/webhooks${path}`)).status]).toEqual([path, 404])
  })

  it('sends the events of some days again, on a form of its own alone, and writes it down', async () => {
    await using desk = await openDesk()
    await addWebhook(desk.db.pool)
    const ops = await browse(desk, ['ops'])
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' }).format(new Date())
    const send = (fields: Record<string, string>, headers: Record<string, string> = {}) => {
      const body = new URLSearchParams({
        platform: 'jembrana',
        name: 'utama',
        from: '2026-01-01',
        to: today,
        ...fields,
      })
      return ops('/console/webhooks', {
        method: 'POST',
        body: body.toString(),
        headers: { 'content-type': FORM, origin: desk.url, ...headers },
      })
    }
    const done = await send({})
    expect([done.status, done.headers.get('location')]).toEqual([
      303,
      `/console/webhooks?platform=jembrana&name=utama&saved=${MESSAGES}`,
    ])
    expect(await (await ops(`${done.headers.get('location')}&lang=en`)).text()).toContain(
      `events sent again: ${MESSAGES}.`,
    )
    const { rows } = await desk.db.pool.query(
      "select count(*)::int as due from webhook_message where state = 'due' and due_at <= now()",
    )
    expect(rows).toEqual([{ due: MESSAGES }])
    const { rows: audit } = await desk.db.pool.query(
      "select count(*)::int as noted from audit where action = 'webhook.replayed'",
    )
    expect(audit).toEqual([{ noted: 1 }])
    expect((await send({}, { origin: 'https://elsewhere.example' })).status).toBe(400)
    expect((await send({ to: '2025-12-31' })).status).toBe(400)
    expect((await send({ from: 'yesterday' })).status).toBe(400)
    expect((await send({ platform: 'sumedang', name: 'cadangan' })).status).toBe(409)
    expect((await send({ name: 'nobody' })).status).toBe(404)
  })
})

describeWithBrowser('the page of webhooks in a browser', () => {
  it('is sent from by hand, and fits a desk and a telephone', async () => {
    await using desk = await openDesk()
    await addWebhook(desk.db.pool)
    const ops = await desk.person(['ops'])
    await using browser = await openBrowser()
    for (const width of [1280, 390]) {
      const { page, complaints } = await browser.page({
        storageState: storageOf(desk.url, ops),
        javaScriptEnabled: true,
        locale: 'id-ID',
        baseURL: desk.url,
        viewport: { width, height: 900 },
      })
      await page.goto('/console')
      await page.getByRole('link', { name: 'Pengiriman' }).click()
      await page.getByRole('link', { name: 'Webhook' }).click()
      await page.getByRole('link', { name: 'jembrana · utama' }).click()
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await page.locator('th:not([scope])').count()).toBe(0)
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/webhooks-${width}.png`, fullPage: true })
      await page.getByRole('button', { name: 'Kirim ulang' }).click()
      expect(await page.getByRole('status').textContent()).toContain('dikirim ulang')
      expect(complaints).toEqual([])
    }
  })
})
