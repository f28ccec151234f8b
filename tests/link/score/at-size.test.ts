import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atSize, hasMoved, stepOf } from '../../../src/link/score/at-size.ts'
import { scoringModel } from '../support.ts'

const { thresholds } = scoringModel
const trained = { ...scoringModel, records: 1024 }

describe('a model at the size of a registry', () => {
  it.each([
    [0, 0],
    [1024, 0],
    [8 * 1024, 0],
    [16 * 1024, 1],
    [1024 * 1024, 7],
  ])('of %i records, trained on 1,024, asks from %i bits more', (records, bits) => {
    expect(atSize(trained, records).thresholds).toEqual({ ...thresholds, unsure: thresholds.unsure + bits })
  })

  it('leaves everything else as it was trained', () => {
    const { thresholds: _, ...rest } = atSize(trained, 1e9)
    expect(rest).toEqual({ version: trained.version, records: 1024, model: trained.model, format: 1 })
  })
})

describe('the steps of a size', () => {
  it.each([
    [0, 0],
    [1, 1],
    [5925, 8192],
    [169_456, 131_072],
    [1_695_627, 2_097_152],
  ])('%i records are about %i', (records, step) => {
    expect(stepOf(records)).toBe(step)
  })

  it.each([
    [0, 0, false],
    [0, 1, true],
    [8, 8, false],
    [8, 16, true],
    [8, 4, false],
    [8, 2, true],
    [8, 0, true],
  ])('known as %i and seen as %i: another one is %s', (known, step, isOther) => {
    expect(hasMoved(known, step)).toBe(isOther)
  })

  it('are followed once, however the statistics waver within an eighth', () => {
    const records = fc.double({ min: 16, max: 1e9, noNaN: true })
    const wavering = fc.array(fc.double({ min: 7 / 8, max: 9 / 8, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(records, wavering, (size, waves) => {
        let known = 0
        let moves = 0
        for (const wave of waves) {
          const step = stepOf(size * wave)
          if (!hasMoved(known, step)) continue
          known = step
          moves += 1
        }
        // On the edge between two steps the larger one holds.
        expect(moves).toBeLessThanOrEqual(2)
      }),
    )
  })
})
