import { describe, expect, it } from 'vitest'
import { validityOn } from '../../../src/console/pages/platforms/validity.ts'
import { insertBatch } from '../../support/fixtures/rows.ts'
import { browse } from '../browse.ts'
import { openDesk } from '../desk.ts'

describe('the span of an agreement', () => {
  const span = { validFrom: '2026-01-01', validTo: '2026-12-31' }
  it.each([
    ['2025-12-31', { is: 'early' }],
    ['2026-01-01', { is: 'in-force', days: 364 }],
    ['2026-11-01', { is: 'ends', days: 60 }],
    ['2026-10-31', { is: 'in-force', days: 61 }],
    ['2026-12-31', { is: 'ends', days: 0 }],
    ['2027-01-01', { is: 'ended' }],
  ] as const)('on %s', (day, validity) => {
    expect(validityOn(day, span)).toEqual(validity)
  })
})

describe('the pages of platforms', () => {
  it('show each with its agreement and its last push, and lead to its batch', async () => {
    await using desk = await openDesk()
    const received = { state: 'settled', received_at: new Date('2026-11-20T03:00:00Z'), settled_at: new Date() }
    const { id } = await insertBatch(desk.db.pool, { ...received, platform: 'sumedang', dataset: 'sumedang' })
    const ops = await browse(desk, ['ops'])
    const list = await (await ops('/console/platforms?lang=en')).text()
    for (const text of ['SINTETIS/MOU-003/BPS-SMD/2025', `href="/console/batches/${id}?lang=en"`, 'never pushed'])
      expect(list).toContain(text)
    const one = await (await ops('/console/platforms/sumedang?lang=en')).text()
    for (const text of ['walidata@sumedang.example', 'Inpres 4/2025', 'p3ke-individu', `/console/batches/${id}`])
      expect(one).toContain(text)
    expect((await ops('/console/platforms/nobody')).status).toBe(404)
  })
})
