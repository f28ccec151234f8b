import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { carikPayload, payloadOf } from '../faults/families.ts'
import { order } from '../faults/misbehaving/stand-in.ts'
import { JEMBRANA_HEAD, jembranaRow } from '../results/posting.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'

const OTHER = { nik: '5101010504760003', kk: '5101052702130009', name: 'NI LUH LAIN', born: '05-04-76' }
const THIRD = { nik: '5101011204760002', kk: '5101052702130011', name: 'I MADE KETIGA', born: '12-04-76' }
const FOURTH = { nik: '5101010905760004', kk: '5101052702130012', name: 'I NYOMAN EMPAT', born: '09-05-76' }
const [ALWAYS, NEVER] = [100_000, 0]
const MOST_SECONDS = 120

/** A gateway, a worker and a stand-in for BPS that is pushed to, all as processes, and browsers of the two who are on duty. */
async function openDuty() {
  const stack = new AsyncDisposableStack()
  const system = stack.use(await startSystem({ settings: { CHUNK_RECORDS: '2000' } }))
  for (const part of ['serve', 'receiver', 'work'] as const) await system.start(part)
  const browser = stack.use(await openBrowser())
  const look = () =>
    browser.page({
      storageState: storageOf(system.url, system.person),
      ...{ locale: 'en-GB', baseURL: system.url },
    })
  const [ops, steward] = [await look(), await look()]
  const jembrana = system.as('jembrana')
  stack.defer(() => jembrana.close())
  return {
    system,
    ops: ops.page,
    steward: steward.page,
    complaints: () => [...ops.complaints, ...steward.complaints],
    async send(key: string, row: string) {
      const { batch } = await jembrana.push('jembrana', key, { ...payloadOf([JEMBRANA_HEAD, row]), type: 'text/csv' })
      return batch.id
    },
    settled: (batch: string) => jembrana.settled(batch),
    /** What the stand-in holds of a batch: the lines that it was told of. */
    async arrived(batch: string): Promise<number> {
      const headers = { authorization: `Bearer ${system.receiver.token}` }
      const lines = (await (await fetch(`${system.receiver.url}/v1/journal`, { headers })).text()).split('\n')
      const entries = lines.filter(Boolean).flatMap((line) => JSON.parse(line).entries as [string, number][])
      return new Set(entries.filter(([id]) => id === batch).map(([, line]) => line)).size
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Looks at a page again and again until it says something. */
async function seen(page: Page, path: string, words: RegExp): Promise<void> {
  await until(async () => {
    await page.goto(path)
    return words.test((await page.locator('main').textContent()) ?? '')
  }, MOST_SECONDS)
}

describeWithBrowser('whoever is on duty, with the console alone', () => {
  it('finds why a record is held, mends it, releases it, and sees it arrive at BPS and its result come back', async () => {
    await using duty = await openDuty()
    const { steward: page, system } = duty
    await duty.settled(await duty.send('satu', jembranaRow('IB1')))
    const batch = await duty.send('dua', jembranaRow('IB1', OTHER))
    await duty.settled(batch)
    expect(await duty.arrived(batch)).toBe(0)

    await page.goto('/console/search')
    await page.locator('select[name=platform]').selectOption('jembrana')
    await page.locator('select[name=dataset]').selectOption('jembrana')
    await page.locator('input[name=key]').fill('IB1')
    await page.getByRole('button', { name: 'Search' }).last().click()
    const record = page.url()
    expect(record).toMatch(/\/console\/search\/bat_[0-9a-z]{26}\/2(\?|$)/)
    const row = page.locator('tr', { hasText: 'key-reused' })
    expect(await row.textContent()).toContain('Held')

    await row.getByRole('link', { name: 'What releases it' }).click()
    await page.getByRole('button', { name: 'Count first: jembrana key-reused' }).click()
    expect(await page.locator('.note').textContent()).toContain('1 entries will be worked again')
    await page.getByLabel('Reason').fill('the number was given to another person')
    await page.getByRole('button', { name: 'Release' }).click()
    expect(await page.getByRole('status').textContent()).toContain('Released and worked again: 1')
    // The key had a record before, which was taken then: this one makes two.
    await seen(page, record, /acknowledged · taken.*acknowledged · taken/s)
    expect(await duty.arrived(batch)).toBe(1)

    const bps = system.as('bps-hasil')
    const result = { nik: OTHER.nik, version: '2025-Q4', as_of: '2025-12-31', status: 'active', dukcapil: 'match' }
    await bps.postResults('', 'hasil', payloadOf([JSON.stringify(result)]))
    await seen(page, record, /found, active/)
    await bps.close()
    expect(duty.complaints()).toEqual([])
  }, 300_000)

  it('finds a stuck delivery and why, has the receiver mended, sends it again, and sees it arrive', async () => {
    await using duty = await openDuty()
    const { ops: page, system } = duty
    await order(system, 'reject', ALWAYS)
    const batch = await duty.send('satu', jembranaRow('IB1'))
    await seen(page, '/console/deliveries', /BPS refuses what is in it.*refused: status-422/)
    expect(await duty.arrived(batch)).toBe(0)
    await page.locator('tbody tr a').first().click()
    const delivery = page.url()
    expect(await page.locator('.note').first().textContent()).toContain('BPS refuses what is in it')

    await order(system, 'reject', NEVER)
    await page.getByRole('button', { name: 'Try again now' }).click()
    expect(await page.getByRole('status').textContent()).toContain('tried again now')
    await seen(page, delivery, /acknowledged/i)
    expect(await duty.arrived(batch)).toBe(1)

    await page.goto('/console/deliveries')
    await page.locator('input[name=from]').fill('1')
    await page.locator('input[name=reason]').fill('the receiver was restored')
    await page.getByRole('button', { name: 'Send again' }).click()
    expect(await page.getByRole('status').textContent()).toContain('Deliveries sent again: 1')
    await seen(page, delivery, /Sent again1/)
    expect(await duty.arrived(batch)).toBe(1)
    expect(duty.complaints()).toEqual([])
  }, 300_000)

  it('pauses one platform, while the others go on as before', async () => {
    await using duty = await openDuty()
    const { ops: page, system } = duty
    const carik = system.as('carik-jakarta')
    await page.goto('/console/queues')
    await page.locator('select[name=platform]').selectOption('jembrana')
    await page.locator('form.ask').getByRole('button', { name: 'Pause' }).click()
    expect(await page.getByRole('status').textContent()).toContain('the stage is paused')
    const waiting = await duty.send('satu', jembranaRow('IB2', THIRD))
    const { batch: other } = await carik.push('carik', 'lain', carikPayload(40, 3))
    await carik.settled(other.id)
    await page.goto(`/console/batches/${waiting}`)
    expect(await page.locator('main').textContent()).toContain('Under way: 0 of 1')
    expect(await duty.arrived(waiting)).toBe(0)
    await page.goto('/console/queues')
    await page.getByRole('button', { name: 'Resume: jembrana, clean' }).click()
    expect(await page.getByRole('status').textContent()).toContain('goes on')
    await until(async () => (await duty.arrived(waiting)) === 1, MOST_SECONDS)
    await duty.settled(await duty.send('dua', jembranaRow('IB3', FOURTH)))
    await carik.close()
    expect(duty.complaints()).toEqual([])
  }, 300_000)
})
