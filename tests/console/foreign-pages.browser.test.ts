import { expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { openDesk } from './desk.ts'

describeWithBrowser('pages of foreign plugins', () => {
  it('work under our policy, without a script that it forbids', async () => {
    await using desk = await openDesk()
    const ops = await desk.person(['ops'])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({ storageState: storageOf(desk.url, ops) })
    await page.goto(`${desk.url}/docs`)
    await page.getByText('Get an access token').first().waitFor()
    await page.goto(`${desk.url}/console/queues/jobs`)
    await page.locator('#root').getByText('Titian').first().waitFor()
    expect(complaints.filter((text) => /script|connect/i.test(text) && !/fonts\.googleapis/.test(text))).toEqual([])
  }, 300_000)
})
