import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { sampleWithFaults } from './sample.ts'

describeWithBrowser('the page of a batch in a browser', () => {
  it('is reached from the overview, tells what to mend, and fits a desk, a telephone and paper', async () => {
    const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
    await using gateway = await openGateway({}, registry)
    const carik = await gateway.caller('carik-jakarta')
    const text = await sampleWithFaults()
    for (const key of ['satu', 'dua']) {
      expect((await push(carik, key, text, { dataset: 'carik' })).status).toBe(202)
      await workAll(gateway, registry)
    }
    const jembrana = await gateway.caller('jembrana')
    const rows = await readFile(new URL('../samples/jembrana/jembrana.csv', import.meta.url), 'utf8')
    const pushed = await push(jembrana, 'tiga', rows, { dataset: 'jembrana', 'content-type': 'text/csv' })
    expect(pushed.status).toBe(202)
    await workAll(gateway, registry)
    const ops = await gateway.person(['ops', 'steward'])
    await using browser = await openBrowser()
    for (const width of [1280, 390]) {
      const { page, complaints } = await browser.page({
        storageState: storageOf(gateway.url, ops),
        javaScriptEnabled: true,
        locale: 'id-ID',
        baseURL: gateway.url,
        viewport: { width, height: 900 },
      })
      const shoot = async (name: string) => {
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), name).toBe(true)
        expect(await page.locator('th:not([scope])').count(), name).toBe(0)
        if (process.env.SHOTS)
          await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true })
      }
      await page.goto('/console')
      await shoot('overview')
      for (const at of [0, 1]) {
        await page.goto('/console')
        await page.locator('a[href*="/console/batches/"]').nth(at).click()
        await shoot(`batch-${at}`)
      }
      expect(await page.getByRole('heading', { level: 3 }).count()).toBeGreaterThan(0)
      await page.emulateMedia({ media: 'print' })
      await shoot('print')
      expect(complaints).toEqual([])
    }
  }, 300_000)
})
