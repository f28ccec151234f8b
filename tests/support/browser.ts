import { existsSync } from 'node:fs'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { describe } from 'vitest'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A suite that is reported as skipped, by name, where there is no Chromium; TITIAN_NO_SKIP makes it fail instead. */
export const describeWithBrowser = describe.skipIf(process.env.TITIAN_NO_SKIP !== '1' && !existsSync(CHROMIUM))

/** A browser of a test's own: `await using browser = await openBrowser()`. */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  return {
    /** A page of somebody logged in, with whatever it complains about on its console. */
    async page(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      return { page, complaints }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}
