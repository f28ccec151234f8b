import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { openWholeDesk } from './whole-desk.ts'

const MOST_MS = 300

/** Milliseconds from the navigation to the first paint, by the browser's own timeline. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((done) =>
    new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName('first-paint')
      if (paint) done(paint.startTime)
    }).observe({ type: 'paint', buffered: true }))`)
}

/** The first paint of a page that is open; one that was slow is opened again twice, and the median of three counts. */
async function paintOf(page: Page, path: string): Promise<number> {
  const samples = [await firstPaint(page)]
  while (samples.length < 3 && (samples[0] ?? 0) > MOST_MS) {
    await page.goto(path)
    samples.push(await firstPaint(page))
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0
}

describeWithBrowser('every page of the console in a browser', () => {
  const stack = new AsyncDisposableStack()
  let open: Awaited<ReturnType<typeof openWholeDesk>> & { browser: Awaited<ReturnType<typeof openBrowser>> }
  beforeAll(async () => {
    const whole = await openWholeDesk()
    stack.use(whole.desk)
    open = { ...whole, browser: stack.use(await openBrowser()) }
  }, 180_000)
  afterAll(() => stack.disposeAsync())

  it.for([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'fits %i pixels in %s and both languages, paints at once, asks no other host, and has no serious fault for axe',
    { timeout: 240_000 },
    async ([width, colorScheme]) => {
      const { desk, pages, browser } = open
      const person = await desk.person(['ops', 'steward'])
      const wrong: unknown[] = []
      const paints: [string, number][] = []
      for (const locale of ['id-ID', 'en-GB']) {
        const { page, complaints } = await browser.page({
          storageState: storageOf(desk.url, person),
          ...{ locale, colorScheme, baseURL: desk.url },
          viewport: { width, height: 900 },
        })
        page.on('request', (request) => {
          if (!request.url().startsWith(desk.url) && !request.url().startsWith('data:')) wrong.push(request.url())
        })
        for (const [name, path] of pages) {
          const shown = `${name}-${width}-${colorScheme}-${locale.slice(0, 2)}`
          expect((await page.goto(path))?.status(), shown).toBe(name === 'not found' ? 404 : 200)
          paints.push([shown, Math.round(await paintOf(page, path))])
          if (!(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))) wrong.push([shown, 'wider'])
          if (process.env.SHOTS)
            await page.screenshot({ path: `${process.env.SHOTS}/${shown.replaceAll(' ', '-')}.png`, fullPage: true })
          const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
          for (const { id: rule, impact, nodes } of (await axe.analyze()).violations)
            if (impact === 'serious' || impact === 'critical')
              wrong.push([shown, rule, nodes.map((node) => node.html.slice(0, 120))])
        }
        for (const text of complaints) if (!text.includes('404 (Not Found)')) wrong.push([locale, text])
        await page.context().close()
      }
      process.stdout.write(`first paint in milliseconds: ${paints.map((one) => one.join(' ')).join(', ')}\n`)
      expect(wrong).toEqual([])
      // The machine is shared: one page may wait for somebody else, most do not.
      const usual = paints.map(([, milliseconds]) => milliseconds).sort((one, other) => one - other)
      expect(usual[Math.floor(usual.length / 2)]).toBeLessThan(MOST_MS)
    },
  )
})
