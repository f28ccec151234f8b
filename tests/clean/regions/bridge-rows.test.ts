import { describe, expect, it } from 'vitest'
import { checkRows, readBridgeRows } from '../../../src/clean/regions/bridge-rows.ts'

const PERIOD = '2025_2.2025'
const PARENTS = new Map([
  ['3404010', new Set(['340401'])],
  ['3404020', new Set(['340402'])],
])
const row = (bps: unknown, kemendagri: unknown, name = 'SUMBERRAHAYU') => ({
  kode_bps: bps,
  nama_bps: name,
  kode_dagri: kemendagri,
  nama_dagri: name,
})
const check = (...rows: unknown[]) => {
  const { places, problems, notes } = checkRows(rows, 'desa', PERIOD, PARENTS)
  return {
    places: places.map(({ bps, kemendagri }) => `${bps} ${kemendagri}`),
    problems: problems.map(({ row, code }) => `${row} ${code}`),
    notes: notes.map(({ row, code }) => `${row} ${code}`).sort(),
  }
}

describe('rows of the bridge', () => {
  it('are read from an array and from lines alike', () => {
    const rows = [row('3404010001', '34.04.01.2001'), row('3404010002', '34.04.01.2002')]
    expect(readBridgeRows(JSON.stringify(rows))).toEqual(rows)
    expect(readBridgeRows(`\ufeff${rows.map((one) => JSON.stringify(one)).join('\r\n')}\n`)).toEqual(rows)
    expect(() => readBridgeRows('kode_bps,nama_bps')).toThrow(SyntaxError)
  })

  it('become pairs with dots, whether they came with them or not', () => {
    expect(check(row('3404010001', '34.04.01.2001'), row('3404010002', '3404012002'))).toEqual({
      places: ['3404010001 34.04.01.2001', '3404010002 34.04.01.2002'],
      problems: [],
      notes: [],
    })
  })

  it.for([
    ['no object', 'x', 'shape'],
    ['a missing key', { kode_bps: '3404010001' }, 'shape'],
    ['a code that is a number', row(3404010001, '34.04.01.2001'), 'code-number'],
    ['a BPS code of 0', row('0', '34.04.01.2001'), 'bps-zero'],
    ['an empty side', row('3404010001', ''), 'side-empty'],
    ['a null side', row('3404010001', null), 'side-empty'],
    ['a code of another level', row('3404010', '34.04.01'), 'width'],
    ['letters', row('340401000X', '34.04.01.2001'), 'width'],
    ['an unknown BPS district', row('3404990001', '34.04.01.2001'), 'parent-unknown'],
    ['an unknown Kemendagri district', row('3404010001', '34.04.99.2001'), 'parent-unknown'],
  ] as const)('with %s are reported and left out', ([, given, code]) => {
    expect(check(given)).toEqual({ places: [], problems: [`1 ${code}`], notes: [] })
  })

  it('that come twice are taken once', () => {
    const one = row('3404010001', '34.04.01.2001')
    expect(check(one, one)).toEqual({
      places: ['3404010001 34.04.01.2001'],
      problems: ['2 duplicate'],
      notes: [],
    })
  })

  it('that pair one code with several, or belong to other parents, are taken and noted', () => {
    expect(
      check(
        row('3404010001', '34.04.01.2001'),
        row('3404010002', '34.04.01.2001'),
        row('3404020001', '34.04.02.2001'),
        row('3404020001', '34.04.02.2002'),
        row('3404020003', '34.04.01.2009'),
      ).notes,
    ).toEqual(['1 one-to-many', '2 one-to-many', '3 many-to-one', '4 many-to-one', '5 parents-differ'])
  })
})
