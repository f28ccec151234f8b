import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Age, compareAges } from '../../src/results/newer.ts'

const age = (asOf: string, version: string, receiptOrder = '1', line = 1): Age => ({
  asOf,
  version,
  receiptOrder,
  line,
})

describe('the age of a result', () => {
  it.each([
    ['a later date', age('2026-09-30', 'V1'), age('2026-06-30', 'V9')],
    ['a later version of one date', age('2026-09-30', 'V10'), age('2026-09-30', 'V9')],
    ['a later quarter', age('2026-09-30', '2026-Q3'), age('2026-09-30', '2025-Q4')],
    ['a later receipt', age('2026-09-30', 'V3', '10'), age('2026-09-30', 'V3', '9')],
    ['a later line', age('2026-09-30', 'V3', '9', 12), age('2026-09-30', 'V3', '9', 3)],
  ])('is less with %s', (_name, newer, older) => {
    expect(Math.sign(compareAges(newer, older))).toBe(1)
    expect(Math.sign(compareAges(older, newer))).toBe(-1)
  })

  it('orders any three results, whichever way round they are compared', () => {
    const ages = fc.record({
      asOf: fc.constantFrom('2026-06-30', '2026-09-30'),
      version: fc.stringMatching(/^[V2][0-9]{0,2}(-Q[1-4])?$/),
      receiptOrder: fc.bigInt(1n, 2n ** 62n).map(String),
      line: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(ages, ages, ages, (a, b, c) => {
        expect(Math.sign(compareAges(a, b)) + Math.sign(compareAges(b, a))).toBe(0)
        if (compareAges(a, b) <= 0 && compareAges(b, c) <= 0) expect(compareAges(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})
