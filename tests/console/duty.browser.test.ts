import { expect, it } from 'vitest'
import { sql } from '../../src/io/postgres/sql.ts'
import { push } from '../flows/gateway.ts'
import { workAll, workUntilComposed } from '../flows/stages.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults } from '../results/posting.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { openDesk, REGISTRY } from './desk.ts'
import { sampleWithFaults } from './sample.ts'

const OTHER = { nik: '5101010504760003', kk: '5101052702130009', name: 'NI LUH LAIN', born: '05-04-76' }
const AS_CSV = { dataset: 'jembrana', 'content-type': 'text/csv' }

describeWithBrowser('whoever is on duty, with the console alone', () => {
  it('finds why a record is held, releases it, and sees it arrive and its result come back', async () => {
    await using gateway = await openDesk()
    const registry = await REGISTRY
    const jembrana = await gateway.caller('jembrana')
    const send = (key: string, row: string) => push(jembrana, key, `${JEMBRANA_HEAD}\n${row}\n`, AS_CSV)
    await send('satu', jembranaRow('IB1'))
    await workAll(gateway, registry)
    await send('dua', jembranaRow('IB1', OTHER))
    await workAll(gateway, registry)
    const person = await gateway.person(['ops', 'steward'])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({
      storageState: storageOf(gateway.url, person),
      ...{ locale: 'en-GB', baseURL: gateway.url },
    })

    await page.goto('/console/search')
    await page.locator('select[name=platform]').selectOption('jembrana')
    await page.locator('select[name=dataset]').selectOption('jembrana')
    await page.locator('input[name=key]').fill('IB1')
    await page.getByRole('button', { name: 'Search' }).last().click()
    const record = page.url()
    expect(record).toMatch(/\/console\/search\/bat_[0-9a-z]{26}\/2(\?|$)/)
    expect(await page.locator('tr', { hasText: 'key-reused' }).textContent()).toContain('Held')

    await page.goto('/console/held')
    await page.getByRole('button', { name: 'Count first: jembrana key-reused' }).click()
    expect(await page.locator('.note').textContent()).toContain('1 entries will be worked again')
    await page.locator('input[name=reason]').fill('the number was given to another person')
    await page.getByRole('button', { name: 'Release' }).click()
    expect(await page.getByRole('status').textContent()).toContain('Released and worked again: 1')
    await workAll(gateway, registry)
    await page.goto(record)
    expect(await page.locator('main').textContent()).toMatch(/acknowledged · taken/)

    const bps = await gateway.caller(null, ['results:write'])
    const result = { nik: OTHER.nik, version: '2026-Q3', as_of: '2026-09-30', status: 'active', dukcapil: 'match' }
    await postResults(gateway, registry, bps, [result], { key: 'hasil' })
    await page.goto(record)
    expect(await page.locator('main').textContent()).toContain('found, active')
    expect(complaints).toEqual([])
  }, 120_000)

  it('finds a stuck delivery and why, tries it again, sends a range again, and pauses one platform alone', async () => {
    await using gateway = await openDesk()
    const registry = await REGISTRY
    const { pool } = gateway.db
    const jembrana = await gateway.caller('jembrana')
    const send = (key: string, row: string) => push(jembrana, key, `${JEMBRANA_HEAD}\n${row}\n`, AS_CSV)
    await send('satu', jembranaRow('IB1'))
    await workUntilComposed(gateway, registry)
    // As the forward stage leaves what a receiver did not take.
    await pool.query(sql`update delivery set attempts = 3, last_answer = 'failed: ECONNREFUSED', tried_at = now()`)
    await pool.query(sql`
      update chunk set due_at = now() + interval '5 minutes', dispatched_at = null where state = 'linked'`)
    const person = await gateway.person(['ops'])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({
      storageState: storageOf(gateway.url, person),
      ...{ locale: 'en-GB', baseURL: gateway.url },
    })

    await page.goto('/console/deliveries')
    const stuck = page.locator('tbody tr')
    expect(await stuck.textContent()).toContain('failed: ECONNREFUSED')
    await stuck.locator('a').click()
    await page.getByRole('button', { name: 'Try again now' }).click()
    expect(await page.getByRole('status').textContent()).toContain('tried again now')
    const { rows } = await pool.query(sql`select due_at <= now() as due from chunk where state = 'linked'`)
    expect(rows).toEqual([{ due: true }])
    await workAll(gateway, registry)
    await page.goto('/console/deliveries')
    await page.locator('input[name=from]').fill('1')
    await page.locator('input[name=reason]').fill('the receiver was restored')
    await page.getByRole('button', { name: 'Send again' }).click()
    expect(await page.getByRole('status').textContent()).toContain('Deliveries sent again: 1')

    await page.goto('/console/queues')
    await page.locator('select[name=platform]').selectOption('jembrana')
    await page.locator('form.ask').getByRole('button', { name: 'Pause' }).click()
    expect(await page.getByRole('status').textContent()).toContain('the stage is paused')
    await send('dua', jembranaRow('IB2', OTHER))
    await push(await gateway.caller('carik-jakarta'), 'tiga', await sampleWithFaults(), { dataset: 'carik' })
    await expect
      .poll(async () => {
        const found = await pool.query(sql`
          select platform, dispatched_at is not null as sent from chunk where state = 'received' order by platform`)
        return found.rows
      })
      .toEqual([
        { platform: 'carik-jakarta', sent: true },
        { platform: 'jembrana', sent: false },
      ])
    await page.goto('/console/queues')
    await page.getByRole('button', { name: 'Resume: jembrana, clean' }).click()
    expect(await page.getByRole('status').textContent()).toContain('goes on')
    expect(complaints).toEqual([])
  }, 120_000)
})
