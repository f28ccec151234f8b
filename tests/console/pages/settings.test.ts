import { expect, it } from 'vitest'
import { maskedSetting } from '../../../src/app-settings.ts'
import { SETTINGS } from '../../../src/config.ts'
import { browse } from '../browse.ts'
import { openDesk } from '../desk.ts'

it.each([
  ['PORT', 8080, '8080'],
  ['KEYS', '{"seal":"x"}', '••••'],
  ['RECEIVER_TOKEN', 'rahasia', '••••'],
  ['DATABASE_URL', 'postgres://titian:p:a%40ss@db:5432/titian', 'postgres://titian:••••@db:5432/titian'],
  ['DATABASE_URL', 'postgres://db/titian?user=a&password=b', 'postgres://db/titian?user=a&password=••••'],
  ['HTTPS_PROXY', 'http://a:b@proxy:3128', 'http://a:••••@proxy:3128'],
  ['REDIS_URL', 'redis://:rahasia@redis', 'redis://:••••@redis'],
  ['PUBLIC_URL', undefined, undefined],
])('shows the setting %s without a secret', (name, value, shown) => {
  expect(maskedSetting(name, value)).toBe(shown)
})

it('shows ops every setting, the versions and the migrations, and nobody else', async () => {
  await using desk = await openDesk()
  const text = await (await (await browse(desk, ['ops']))('/console/settings?lang=en')).text()
  for (const name of Object.keys(SETTINGS)) expect(text).toContain(`<code>${name}</code>`)
  for (const part of [process.version, '0001', 'LEASE_SECONDS']) expect(text).toContain(part)
  expect((await (await browse(desk, ['steward']))('/console/settings')).status).toBe(403)
})

it('opens what was set for this process, and folds away what is as it comes', async () => {
  await using desk = await openDesk({ LEASE_SECONDS: '47' })
  const text = await (await (await browse(desk, ['ops']))('/console/settings?lang=en')).text()
  const [open = '', folded = ''] = text.split('<details>')
  expect([open.includes('<code>LEASE_SECONDS</code>'), open.includes('<code>47</code>')]).toEqual([true, true])
  expect([open, folded].map((part) => part.includes('<code>DISPATCH_SECONDS</code>'))).toEqual([false, true])
})
