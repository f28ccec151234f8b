import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { fileEntries } from '../../src/cli/dataset/file-entries.ts'
import { writeXlsx } from '../../src/io/workbook/xlsx-out.ts'
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

async function send(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByLabel('Jenis data').selectOption('jembrana')
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) })
  await page.getByRole('button', { name: 'Unggah' }).click()
  await page.waitForURL(/\/portal\/batches\/bat_/)
}

/** The verdict, once nothing is pending any more. */
async function verdict(page: Page): Promise<string> {
  await page.locator('#pending', { hasText: /^0$/ }).waitFor({ timeout: 60_000 })
  return (await page.getByRole('status').textContent()) ?? ''
}

/** Where a file was saved that a link of the page gives, and its suggested name. */
async function savedAt(page: Page, name: string, { exact = false } = {}): Promise<{ path: string; suggested: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact }).click()])
  return { path: await download.path(), suggested: download.suggestedFilename() }
}

async function saved(page: Page, name: string): Promise<string> {
  return readFile((await savedAt(page, name)).path, 'utf8')
}

/** Rows of text, the first with the names of the columns, as a workbook. */
function workbook([columns = [], ...rows]: string[][]): Promise<Buffer> {
  return buffer(writeXlsx({ name: 'Data', columns }, rows))
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
  }, 300_000)

  it('gives a clerk who sent a workbook the bad rows as a workbook, and takes them mended', async () => {
    await using system = await startSystem()
    await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
    await using browser = await openBrowser()
    const { page, complaints } = await browser.page({ locale: 'id-ID' })
    await signIn(page, system.url, system.secret('jembrana'))
    const { text, mend } = await fileWithErrors(40)
    const table: string[][] = parse(text)
    await send(page, 'iban.xlsx', await workbook(table))
    expect(await verdict(page)).toMatch(/^2 data perlu diperbaiki/)
    const first = page.url()
    expect((await savedAt(page, 'CSV', { exact: true })).suggested).toMatch(/\.csv$/)
    const given = await savedAt(page, 'Baris yang ditolak')
    expect(given.suggested).toMatch(/\.xlsx$/)
    const columns = table[0] ?? []
    const rows: string[][] = []
    const format = { kind: 'csv' as const, delimiter: ',', columns, encodings: ['utf-8' as const] }
    for await (const { text: cells } of fileEntries(given.path, format)) rows.push(JSON.parse(cells))
    expect(rows.map(([key]) => key)).toEqual([table[4]?.[0], table[8]?.[0]])
    const mended = rows.map((row) => row.map((cell) => mend(`"${cell}"`).slice(1, -1)))
    await page.getByRole('link', { name: 'Kirim berkas' }).click()
    await send(page, 'perbaikan.xlsx', await workbook([columns, ...mended]))
    expect(await verdict(page)).toMatch(/^Semua data beres/)
    await page.goto(first)
    expect(await verdict(page)).toMatch(/^Semua yang perlu diperbaiki sudah diperbaiki/)
    expect(await page.locator('#corrected').textContent()).toBe('2')
    expect(complaints).toEqual([])
  }, 300_000)

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
  }, 300_000)
})
