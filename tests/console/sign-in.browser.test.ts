import { AxeBuilder } from '@axe-core/playwright'
import { expect, it } from 'vitest'
import { addPerson } from '../../src/trust/people/people.db.ts'
import { totpCode, totpStep } from '../../src/trust/people/totp.ts'
import { openGateway } from '../flows/gateway.ts'
import { describeWithBrowser, openBrowser } from '../support/browser.ts'
import { bytesOfBase32, cheapPasswords } from '../support/fixtures/people.ts'

const OWN = 'kata sandi yang panjang'

describeWithBrowser('signing in', () => {
  it('goes the whole way without a script: first password, second factor, sign-out, and in again', async () => {
    await using gateway = await openGateway()
    const deps = { db: gateway.db.pool, vault: gateway.vault, passwords: cheapPasswords(gateway.vault) }
    await using browser = await openBrowser()
    for (const [name, width, colorScheme, locale, words] of [
      ['siti', 390, 'dark', 'id-ID', ['Nama pengguna', 'Kata sandi', 'Masuk', 'Simpan', 'Keluar', 'Ke konsol']],
      ['rina', 1280, 'light', 'en-GB', ['Name', 'Password', 'Sign in', 'Save', 'Sign out', 'To the console']],
    ] as const) {
      const [nameField, passwordField, enter, save, leave, go] = words
      const { password } = await addPerson(deps, { name, roles: ['ops', 'auditor'], by: 'shell:0' })
      const { page, complaints } = await browser.page({
        ...{ locale, colorScheme, baseURL: gateway.url },
        javaScriptEnabled: false,
        viewport: { width, height: 900 },
      })
      const isNarrow = async () => {
        const box = await page.locator('main').boundingBox()
        expect((box?.x ?? 0) + (box?.width ?? 0), page.url()).toBeLessThanOrEqual(width)
      }
      await page.goto('/console/audit')
      await isNarrow()
      await page.getByLabel(nameField, { exact: true }).fill(name)
      await page.getByLabel(passwordField, { exact: true }).fill(password)
      await page.getByRole('button', { name: enter }).click()
      await isNarrow()
      expect((await page.locator('svg.qr').boundingBox())?.width).toBeGreaterThan(150)
      const secret = bytesOfBase32(/secret=([A-Z2-7]{32})/.exec(await page.content())?.[1] ?? '')
      const now = totpStep(Date.now())
      for (const field of ['password', 'again']) await page.locator(`[name=${field}]`).fill(OWN)
      await page.locator('[name=code]').fill(totpCode(secret, now - 1))
      await page.getByRole('button', { name: save }).click()
      await isNarrow()
      expect(await page.locator('.codes li').count()).toBe(10)
      await page.getByRole('link', { name: go }).click()
      expect(await page.locator('.who').textContent()).toBe(name)
      await page.getByRole('button', { name: leave }).click()
      await page.goto('/console/people')
      await page.getByLabel(nameField, { exact: true }).fill(name)
      await page.getByLabel(passwordField, { exact: true }).fill(OWN)
      await page.locator('[name=code]').fill(totpCode(secret, now))
      await page.getByRole('button', { name: enter }).click()
      expect(new URL(page.url()).pathname).toBe('/console/people')
      expect(await page.getByRole('cell', { name: 'ops, auditor' }).count()).toBeGreaterThan(0)
      await page.goto('/console/account')
      await isNarrow()
      // Hints of the browser about fields for password managers are no complaints.
      expect(complaints.filter((text) => !text.includes('401') && !text.startsWith('[DOM]'))).toEqual([])
    }
  }, 300_000)

  it('has pages that everybody can use, in both themes', async () => {
    await using gateway = await openGateway()
    const deps = { db: gateway.db.pool, vault: gateway.vault, passwords: cheapPasswords(gateway.vault) }
    const { password } = await addPerson(deps, { name: 'dewi', roles: ['ops'], by: 'shell:0' })
    const { cookie } = await gateway.person(['ops'])
    const [cookieName = '', value = ''] = cookie.split('=')
    await using browser = await openBrowser()
    const faults: unknown[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.page({ baseURL: gateway.url, colorScheme, locale: 'en-GB' })
      const judge = async () => {
        const found = await new AxeBuilder({ page })
          .options({ resultTypes: ['violations'] })
          .setLegacyMode()
          .analyze()
        for (const { id: rule, nodes } of found.violations)
          faults.push([page.url(), rule, nodes.map(({ html }) => html)])
      }
      await page.goto('/console/sign-in')
      await judge()
      await page.locator('[name=name]').fill('dewi')
      await page.locator('[name=password]').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await judge()
      await page.context().addCookies([{ name: cookieName, value, url: gateway.url }])
      for (const path of ['/console/account', '/console/people']) {
        await page.goto(path)
        await judge()
      }
    }
    expect(faults).toEqual([])
  }, 300_000)
})
