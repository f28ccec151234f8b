import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { startSystem } from '../support/system.ts'

const SAMPLE = join(import.meta.dirname, '..', 'samples', 'jembrana', 'jembrana.csv')
const PHONE = { width: 390, height: 844 }
const SCREENSHOTS = process.env.SCREENSHOTS

/** A village of another province. */
const ELSEWHERE = '"3510010001"'
const VILLAGE = /"5101\d{6}"/

/** A region's file of a title and so many rows, two of them in a village that is not the region's; and how a clerk mends these. */
async function fileWithErrors(rows: number) {
  const [title = '', ...lines] = (await readFile(SAMPLE, 'utf8')).split('\n').slice(0, rows + 1)
  const isBroken = (at: number) => at === 3 || at === 7
  const broken = lines.map((line, at) => (isBroken(at) ? line.replace(VILLAGE, ELSEWHERE) : line))
  const villages = lines.filter((_line, at) => isBroken(at)).map((line) => VILLAGE.exec(line)?.[0] ?? '')
  return {
    text: `${[title, ...broken].join('\n')}\n`,
    mend: (given: string) => given.replaceAll(ELSEWHERE, () => villages.shift() ?? ''),
  }
}

async function signIn(page: Page, url: string, secret: string): Promise<void> {
  await page.goto(`${url}/portal`)
  await page.getByLabel('Nama klien').fill('jembrana')
  await page.getByLabel('Kata rahasia').fill(secret)
  await page.getByRole('button', { name: 'Masuk' }).click()
  await page.getByRole('heading', { name: 'Kirim berkas' }).waitFor()
}

async function send(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Jenis data').selectOption('jembrana')
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Unggah' }).click()
  await page.waitForURL(/\/portal\/batches\/bat_/)
}

/** The verdict, once nothing is pending any more. */
async function verdict(page: Page): Promise<string> {
  await page.locator('#pending', { hasText: /^0$/ }).waitFor({ timeout: 60_000 })
  return (await page.getByRole('status').textContent()) ?? ''
}

/** The text of a file that a link of the page gives. */
async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
  return readFile(await download.path(), 'utf8')
}

async function shot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

describeWithBrowser('the portal in a browser', () => {
  it('lets a clerk send a file with errors, read what was found, and send the two rows mended', async () => {
    await using system = await startSystem()
    await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({ locale: 'id-ID', viewport: { width: 1280, height: 900 } })
    await page.goto(`${system.url}/portal`)
    await shot(page, 'sign-in-1280')
    await signIn(page, system.url, system.secret('jembrana'))
    await shot(page, 'send-1280')
    const { text, mend } = await fileWithErrors(40)
    await send(page, 'iban.csv', text)
    expect(await verdict(page)).toMatch(/^2 data perlu diperbaiki/)
    await shot(page, 'verdict-1280')
    const lines = await page.locator('td.number:first-child').allTextContents()
    expect(new Set(lines)).toEqual(new Set(['5', '9']))
    expect((await saved(page, 'Semua temuan (CSV)')).split('\r\n')[0]).toBe(
      'line,key,code,severity,path,title,outcome,corrected_by',
    )
    const first = page.url()
    const rows = await saved(page, 'Baris yang ditolak')
    expect(rows).toMatch(/^\uFEFF"KODE_DATA",.*"titian_line","titian_outcome"/)
    expect(rows.trimEnd().split('\r\n')).toHaveLength(3)
    await page.getByRole('link', { name: 'Kirim berkas' }).click()
    await send(page, 'perbaikan.csv', mend(rows))
    expect(await verdict(page)).toMatch(/^Semua data beres/)
    await page.goto(first)
    expect(await verdict(page)).toMatch(/^Semua yang perlu diperbaiki sudah diperbaiki/)
    expect(await page.locator('#corrected').textContent()).toBe('2')
    expect(await page.getByRole('link', { name: 'Sudah diperbaiki' }).count()).toBeGreaterThanOrEqual(2)
    expect(await page.getByRole('link', { name: 'Baris yang ditolak' }).count()).toBe(0)
    await shot(page, 'corrected-1280')
    await page.setViewportSize(PHONE)
    for (const [name, path] of [
      ['verdict-390', page.url()],
      ['send-390', `${system.url}/portal`],
      ['results-390', `${system.url}/portal/results`],
    ] as const) {
      await page.goto(path)
      await shot(page, name)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width)
    }
    expect(complaints).toEqual([])
  }, 180_000)

  it('can be read, and takes a file, without a script', async () => {
    await using system = await startSystem()
    await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
    await using browser = await openBrowser()
    const { page } = await browser.page({ locale: 'id-ID', javaScriptEnabled: false, viewport: PHONE })
    await signIn(page, system.url, system.secret('jembrana'))
    const { text } = await fileWithErrors(20)
    await send(page, 'iban.csv', text)
    expect(await verdict(page)).toMatch(/^2 data perlu diperbaiki/)
    await page.goto(`${system.url}/portal/results?lang=en`)
    expect(await page.getByRole('heading', { name: 'Candidates for programmes' }).count()).toBe(1)
  }, 180_000)
})
