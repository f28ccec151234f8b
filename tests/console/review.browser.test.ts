import { expect, it } from 'vitest'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { storageOf } from '../support/fixtures/people.ts'
import { auditOf, openDesk, raisePossibleMatch } from './desk.ts'

describeWithBrowser('the review desk in a browser', () => {
  it('lets two stewards find the possible match, see both records, and decide it with four eyes, without a script', async () => {
    await using desk = await openDesk({ FOUR_EYES: 'true' })
    const id = await raisePossibleMatch(desk)
    const [first, second] = [await desk.person(['steward']), await desk.person(['steward'])]
    await using browser = await openBrowser()
    const as = (person: typeof first) =>
      browser.page({
        storageState: storageOf(desk.url, person),
        javaScriptEnabled: false,
        locale: 'id-ID',
        baseURL: desk.url,
      })
    for (const [at, steward] of [first, second].entries()) {
      const { page, complaints } = await as(steward)
      await page.goto('/console')
      await page.getByRole('link', { name: 'Peninjauan terbuka' }).click()
      await page.getByRole('link', { name: id }).click()
      await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBe('Apakah ini orang yang sama?')
      const nik = page.getByRole('row').filter({ hasText: 'NIK' })
      expect(await nik.textContent()).toMatch(/9971010\d{9}.*9971010\d{9}.*dua angka tertukar.*\+/)
      await page.getByLabel('Orang yang sama').check()
      await page.getByLabel('Alasan').fill('Salah ketik NIK')
      await page.getByRole('button', { name: 'Simpan putusan' }).click()
      expect(await page.getByRole('status').textContent()).toContain(['Pendapat pertama', 'orang yang sama'][at])
      expect(complaints).toEqual([])
    }
    expect(await auditOf(desk, id)).toEqual([
      `${first.id} review.read`,
      `${first.id} review.same`,
      `${second.id} review.read`,
      `${second.id} review.same`,
    ])
    const { page } = await as(first)
    await page.goto('/console/reviews?state=decided&lang=en')
    expect(await page.getByRole('row').filter({ hasText: id }).textContent()).toContain('The same person')
  })

  it('can be used by the keyboard alone, and names every field', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const steward = await desk.person(['steward'])
    await using browser = await openBrowser()
    const { page } = await browser.page({
      storageState: storageOf(desk.url, steward),
      baseURL: desk.url,
    })
    await page.goto(`/console/reviews/${id}?lang=en`)
    expect(
      await page.evaluate('[...document.querySelectorAll("input")].every(({ labels }) => labels.length === 1)'),
    ).toBe(true)
    expect(await page.locator('th:not([scope])').count()).toBe(0)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab')
      if ((await page.evaluate('document.activeElement.name')) === 'decision') break
    }
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Namesakes')
    await page.keyboard.press('Enter')
    await page.getByRole('status').waitFor()
    expect(await page.getByRole('status').textContent()).toBe('Saved: two people.')
  })

  it('fits a phone: the page itself never scrolls sideways', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const steward = await desk.person(['steward', 'ops'])
    await using browser = await openBrowser()
    const { page } = await browser.page({
      storageState: storageOf(desk.url, steward),
      viewport: { width: 360, height: 740 },
      baseURL: desk.url,
    })
    for (const path of ['/console', '/console/reviews', `/console/reviews/${id}`]) {
      await page.goto(path)
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
    }
  })
})
