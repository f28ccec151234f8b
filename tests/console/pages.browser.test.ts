import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { openWholeDesk } from './whole-desk.ts'

/** What a browser waits for before it paints; beside it the first paint itself, a figure of this machine. */
interface Paint {
  /** Milliseconds from the navigation, by the browser's own timeline. */
  first: number
  /** Files that hold the paint up: style sheets, and scripts that are not deferred. */
  blocking: number
  /** Bytes of the document. */
  bytes: number
}

function paintOf(page: Page): Promise<Paint> {
  return page.evaluate<Paint>(`new Promise((done) =>
    new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName('first-paint')
      const files = performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus === 'blocking')
      const [document] = performance.getEntriesByType('navigation')
      if (paint) done({ first: Math.round(paint.startTime), blocking: files.length, bytes: document.decodedBodySize })
    }).observe({ type: 'paint', buffered: true }))`)
}

describeWithBrowser('every page of the console in a browser', () => {
  const stack = new AsyncDisposableStack()
  let open: Awaited<ReturnType<typeof openWholeDesk>> & { browser: Awaited<ReturnType<typeof openBrowser>> }
  beforeAll(async () => {
    const whole = await openWholeDesk()
    stack.use(whole.desk)
    open = { ...whole, browser: stack.use(await openBrowser()) }
  }, 300_000)
  afterAll(() => stack.disposeAsync())

  it.for([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'fits %i pixels in %s and both languages, paints at once, asks no other host, and has no serious fault for axe',
    { timeout: 600_000 },
    async ([width, colorScheme]) => {
      const { desk, pages, browser } = open
      const person = await desk.person(['ops', 'steward'])
      const wrong: unknown[] = []
      const paints: [string, Paint][] = []
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
          paints.push([shown, await paintOf(page)])
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
      const first = paints.map(([, paint]) => paint.first).sort((one, other) => one - other)
      process.stdout.write(
        `first paint in milliseconds: median ${first[first.length >> 1]}, most ${first.at(-1)}; ` +
          `${paints.map(([name, paint]) => `${name} ${paint.first}`).join(', ')}\n`,
      )
      expect(wrong).toEqual([])
      // Milliseconds are the machine's. What a page can do for its first paint is to be small and to wait for little.
      for (const [shown, { blocking, bytes }] of paints)
        expect({ shown, blocking, bytes, small: blocking <= 2 && bytes < 300_000 }).toMatchObject({ small: true })
    },
  )
})
