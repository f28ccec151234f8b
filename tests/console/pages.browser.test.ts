import { readFile } from 'node:fs/promises'
import axe from 'axe-core'
import { expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { workAll, workUntilComposed } from '../flows/stages.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { sampleWithFaults } from './sample.ts'

const PAGES = [
  ['overview', '/console'],
  ['batches', '/console/batches'],
  ['batches-held', '/console/batches?held=yes&platform=carik-jakarta'],
  ['batch', ''],
  ['deliveries', '/console/deliveries?state=all'],
  ['queues', '/console/queues'],
  ['reviews', '/console/reviews'],
  ['reconciliation', '/console/reconciliation'],
  ['webhooks', '/console/webhooks'],
  ['search', '/console/search'],
  ['record', ''],
  ['held', '/console/held'],
  ['welcome', '/'],
  ['not-found', '/console/nowhere'],
] as const

describeWithBrowser('every page of the console in a browser', () => {
  it('fits both widths, both themes and both languages, asks no other host, and has no serious fault for axe', async () => {
    const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
    await using gateway = await openGateway({}, registry)
    const carik = await gateway.caller('carik-jakarta')
    const first = await push(carik, 'satu', await sampleWithFaults(), { dataset: 'carik' })
    const { id: batch } = (await first.json()) as { id: string }
    await workAll(gateway, registry)
    const rows = await readFile(new URL('../samples/jembrana/jembrana.csv', import.meta.url), 'utf8')
    const asCsv = { dataset: 'jembrana', 'content-type': 'text/csv' }
    await push(await gateway.caller('jembrana'), 'dua', rows, asCsv)
    await workUntilComposed(gateway, registry)
    await push(await gateway.caller('jembrana'), 'tiga', rows.replaceAll('JBR-', 'JBX-'), asCsv)
    const addressOf = (name: string) => (name === 'batch' ? `/console/batches/${batch}` : `/console/search/${batch}/1`)
    const person = await gateway.person(['ops', 'steward'])
    await using browser = await openBrowser()
    const foreign: string[] = []
    const faults: unknown[] = []
    for (const [width, colorScheme, locale, isJudged] of [
      [1280, 'light', 'id-ID', true],
      [390, 'dark', 'en-GB', true],
      [1280, 'dark', 'en-GB', false],
      [390, 'light', 'id-ID', false],
    ] as const) {
      const { page, complaints } = await browser.page({
        storageState: storageOf(gateway.url, person),
        ...{ locale, colorScheme, baseURL: gateway.url },
        viewport: { width, height: 900 },
      })
      page.on('request', (request) => {
        if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:')) foreign.push(request.url())
      })
      for (const [name, path] of PAGES) {
        const address = path === '' ? addressOf(name) : path
        await page.goto(address)
        const shown = `${name}-${width}-${colorScheme}`
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), shown).toBe(true)
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${shown}.png`, fullPage: true })
        // Axe looks at the same markup: one width and one theme of each are enough.
        if (!isJudged) continue
        const found = (await page.evaluate(`${axe.source}; axe.run({ resultTypes: ['violations'] })`)) as axe.AxeResults
        for (const { id: rule, impact, nodes } of found.violations)
          if (impact === 'serious' || impact === 'critical')
            faults.push([shown, rule, nodes.map(({ html }) => html.slice(0, 120))])
      }
      expect(
        complaints.filter((text) => !text.includes('404 (Not Found)')),
        `${width}`,
      ).toEqual([])
    }
    expect(foreign).toEqual([])
    expect(faults).toEqual([])
  }, 300_000)
})
