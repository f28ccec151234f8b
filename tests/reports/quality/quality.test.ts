import { describe, expect, it } from 'vitest'
import { qualityCsv } from '../../../src/console/pages/quality/quality-csv.ts'
import { encodeReport } from '../../../src/domain/report.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { dimensionOf } from '../../../src/reports/quality/dimension.ts'
import { selectPushQuality } from '../../../src/reports/quality/quality.sql.ts'
import { judgeQuality } from '../../../src/reports/quality/quality.ts'
import { freshDatabase } from '../../support/database.ts'
import { insertBatch, insertChunk } from '../../support/fixtures/rows.ts'

describe('what a finding says of the data', () => {
  it.each([
    ['R306A-ISI', 'completeness'],
    ['R405-LEWAT', 'completeness'],
    ['name-missing', 'completeness'],
    ['nik-filler', 'completeness'],
    ['R306A-NILAI', 'validity'],
    ['nik-length', 'validity'],
    ['code-unmapped', 'validity'],
    ['key-twice', 'uniqueness'],
    ['key-reused', 'uniqueness'],
    ['region-contradicts', 'consistency'],
    ['R502B-LISTRIK', 'consistency'],
    ['STR-03', 'consistency'],
    ['as-of-older', 'consistency'],
  ] as const)('%s is a matter of %s', (code, dimension) => {
    expect(dimensionOf(code)).toBe(dimension)
  })
})

it('judges the last settled pushes of each dataset, and says what got worse', async () => {
  await using db = await freshDatabase()
  const push = async (order: number, day: string, held: number, codes: Record<string, number>, dataset = 'carik') => {
    const at = new Date(`${day}T00:00:00Z`)
    const of = { platform: 'carik-jakarta', dataset, state: 'settled', received: 200, receipt_order: order }
    const { id } = await insertBatch(db.pool, { ...of, received_at: at, settled_at: at })
    const chunk = await insertChunk(db.pool, {
      ...{ batch: id, platform: 'carik-jakarta', entries: 200, state: 'settled' },
      ...{ held, unchanged: 200 - held },
    })
    await db.pool.query(sql`
      insert into report (chunk, stage, findings, counts) values (${chunk}, 'clean', ${encodeReport([])}, ${JSON.stringify(codes)})`)
    return id
  }
  await push(1, '2026-01-01', 0, { 'nik-length': 50 })
  await push(2, '2026-02-01', 0, { 'nik-length': 8 })
  const last = await push(3, '2026-03-01', 20, { 'nik-length': 10, 'R306A-ISI': 20, 'name-damaged': 1 })
  await push(4, '2026-03-02', 0, {}, 'dtks-individu')
  const found = judgeQuality(await selectPushQuality(db.pool, 'carik-jakarta', 2))
  expect(found.map(({ dataset, pushes }) => [dataset, pushes.length])).toEqual([
    ['carik', 2],
    ['dtks-individu', 1],
  ])
  expect(found[0]?.pushes[1]).toMatchObject({
    ...{ batch: last, received: 200, accepted: 180, held: 20, rejected: 0, acceptedShare: 0.9, daysSince: 28 },
    per100: { completeness: 10, validity: 5.5, uniqueness: 0, consistency: 0 },
  })
  // A rise of half a finding for each 100 records or less is noise.
  expect(found.map(({ worse }) => worse)).toEqual([
    [
      { code: 'R306A-ISI', before: 0, now: 10 },
      { code: 'nik-length', before: 4, now: 5 },
    ],
    [],
  ])
  expect(qualityCsv('carik-jakarta', found).split('\r\n')[2]).toBe(
    `carik-jakarta,carik,${last},2026-03-01T00:00:00.000Z,200,180,20,0,10,5.5,0,0,28`,
  )
  expect(await selectPushQuality(db.pool, 'sumedang', 2)).toEqual([])
})
