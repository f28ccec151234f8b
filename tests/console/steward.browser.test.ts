import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { auditOf, openDesk, REGISTRY, raisePossibleMatch } from './desk.ts'

/** A desk with people whom one platform has twice, and a possible match; answers a person of two records too. */
async function openStewardDesk() {
  const desk = await openDesk()
  const rows = await readFile(new URL('../samples/jembrana/jembrana.csv', import.meta.url), 'utf8')
  const caller = await desk.caller('jembrana')
  const asCsv = { dataset: 'jembrana', 'content-type': 'text/csv' }
  await push(caller, 'satu', rows, asCsv)
  await workAll(desk, await REGISTRY)
  await push(caller, 'dua', rows.replaceAll('JBR-', 'JBX-').replaceAll('PETANI', 'NELAYAN'), asCsv)
  await workAll(desk, await REGISTRY)
  const { rows: twice } = await desk.db.pool.query<{ person: string }>(`
    select s.subject as person from source_record s join subject p on p.id = s.subject
    where p.level = 'individu' and p.family is not null
    group by s.subject having count(*) = 2 order by s.subject limit 1`)
  await raisePossibleMatch(desk)
  return { desk, person: twice[0]?.person ?? '' }
}

describeWithBrowser('the pages of a steward in a browser', () => {
  it('let a steward go from a doubt to the person, and take a record out without a script', async () => {
    const { desk, person } = await openStewardDesk()
    await using _ = desk
    const steward = await desk.person(['steward'])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({
      storageState: storageOf(desk.url, steward),
      javaScriptEnabled: false,
      locale: 'en-GB',
      baseURL: desk.url,
    })
    await page.goto('/console/reviews')
    await page.getByRole('link', { name: /^rev_/ }).last().click()
    await page.getByRole('link', { name: 'Page of the person' }).first().click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('A person')
    await page.goto(`/console/persons/${person}`)
    await page.getByRole('checkbox').first().check()
    await page.getByLabel('Reason').fill('two of one name')
    await page.getByRole('button', { name: 'Take out what is ticked' }).click()
    expect(await page.getByRole('status').textContent()).toContain('as soon as this batch is worked')
    await workAll(desk, await REGISTRY)
    await page.reload()
    expect(await page.getByText('One source only').count()).toBe(1)
    expect(await auditOf(desk, person)).toContain(`${steward.id} person.unmerged`)
    expect(complaints).toEqual([])
  }, 300_000)
})
