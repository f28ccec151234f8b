import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tenthsOf } from '../../../src/cli/link/link-explain.ts'

it('shows lines that add up to the total that is shown, each at most a tenth beside its value', () => {
  const bits = fc.double({ min: -40, max: 40, noNaN: true })
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 14 }), (values) => {
      const tenths = tenthsOf(values)
      expect(tenths.reduce((sum, value) => sum + value, 0)).toBe(
        Math.round(values.reduce((sum, value) => sum + value * 10, 0)) + 0,
      )
      for (const [at, value] of values.entries())
        expect(Math.abs((tenths[at] ?? 0) - value * 10)).toBeLessThanOrEqual(1)
    }),
  )
})
