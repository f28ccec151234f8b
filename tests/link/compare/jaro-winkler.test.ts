import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jaroWinkler } from '../../../src/link/compare/jaro-winkler.ts'

// The textbook pairs of Winkler's papers.
it.each([
  ['MARTHA', 'MARHTA', 0.961],
  ['DWAYNE', 'DUANE', 0.84],
  ['DIXON', 'DICKSONX', 0.813],
  ['SOEKARNO', 'SUKARNO', 0.882],
  ['I MADE SUARTA', 'I NYOMAN SUARTA', 0.888],
  ['ABC', 'XYZ', 0],
  ['', 'A', 0],
  ['', '', 1],
])('gives %s and %s the likeness %f', (a, b, likeness) => {
  expect(jaroWinkler(a, b)).toBeCloseTo(likeness, 3)
})

it('is the same in both directions, 1 only for equals, and never leaves 0 to 1', () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', 'C', 'I'), maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const likeness = jaroWinkler(a, b)
      expect(likeness).toBeCloseTo(jaroWinkler(b, a), 1)
      expect(likeness === 1).toBe(a === b)
      expect(likeness).toBeGreaterThanOrEqual(0)
      expect(likeness).toBeLessThanOrEqual(1)
    }),
  )
})
