import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateOf, type LabelledStratum, seededRandom } from '../../../../src/link/train/labels/estimate.ts'
import { STRATA, StratifiedDraw, type StratumName, stratumOf } from '../../../../src/link/train/labels/strata.ts'

const stratum = (name: StratumName, pairs: number, same: number, different: number): LabelledStratum => ({
  ...{ stratum: name, pairs, same, different },
  ...{ drawn: same + different, unsure: 0 },
})
const SURE = stratum('linked-sure', 900, 20, 0)
const NEAR = stratum('linked-near', 100, 10, 10)
const FAR = stratum('apart-far', 5000, 0, 40)
const UNSURE = stratum('apart-unsure', 50, 4, 16)

describe('an estimate from a labelled sample', () => {
  it('weighs each label by the pairs that it stands for', () => {
    const { precision, recall } = estimateOf([SURE, NEAR, FAR, UNSURE], seededRandom(1))
    expect(precision?.value).toBeCloseTo(950 / 1000)
    expect(recall?.value).toBeCloseTo(950 / 960)
  })

  it('says how sure it is: less where few labels stand for many pairs', () => {
    const { precision, recall } = estimateOf([SURE, NEAR, FAR, UNSURE], seededRandom(1))
    expect(precision?.low).toBeGreaterThan(0.8)
    expect(precision?.low).toBeLessThan(0.93)
    expect(precision?.high).toBeLessThanOrEqual(1)
    // Forty of five thousand without a match leave room for some hundred.
    expect(recall?.low).toBeLessThan(0.9)
    expect(estimateOf([SURE, FAR], seededRandom(1))).toEqual(estimateOf([SURE, FAR], seededRandom(1)))
  })

  it('says nothing while a stratum that counts has no label', () => {
    const open = stratum('apart-far', 5000, 0, 0)
    expect(estimateOf([SURE, open], seededRandom(1))).toMatchObject({ precision: { value: 1 }, recall: null })
    expect(estimateOf([stratum('linked-near', 10, 0, 0), FAR], seededRandom(1)).precision).toBeNull()
    expect(estimateOf([], seededRandom(1))).toEqual({ precision: null, recall: null })
  })

  it('holds the true share in about 95 of 100 intervals', () => {
    const random = seededRandom(7)
    const truth = 0.9
    let held = 0
    for (let run = 0; run < 100; run++) {
      const same = Array.from({ length: 40 }, () => random() < truth).filter(Boolean).length
      const { precision } = estimateOf([stratum('linked-near', 1000, same, 40 - same)], random)
      if (precision !== null && precision.low <= truth && truth <= precision.high) held += 1
    }
    expect(held).toBeGreaterThanOrEqual(88)
  })
})

describe('a draw by strata', () => {
  it('puts every pair into one stratum, by whether it is linked and by its weight', () => {
    expect(stratumOf({ isLinked: true, weight: 25 })).toBe('linked-sure')
    expect(stratumOf({ isLinked: true, weight: 6 })).toBe('linked-near')
    expect(stratumOf({ isLinked: true, weight: -3 })).toBe('linked-unsure')
    expect(stratumOf({ isLinked: false, weight: -50 })).toBe('apart-far')
    expect(stratumOf({ isLinked: false, weight: 8 })).toBe('apart-unsure')
  })

  it('counts all, holds so many of each at most, and none twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300), fc.nat(300), fc.boolean(), fc.integer({ min: -40, max: 40 }))),
        (all) => {
          const random = seededRandom(3)
          const draw = new StratifiedDraw((end) => Math.floor(random() * end))
          for (const [a, b, isLinked, weight] of all) draw.add({ a: String(a), b: String(b), isLinked, weight })
          const { counts, pairs } = draw.end()
          expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(all.length)
          for (const { name, drawn } of STRATA) {
            const held = pairs.filter((pair) => pair.stratum === name)
            expect(held.length).toBeLessThanOrEqual(drawn)
            expect(new Set(held.map(({ a, b }) => `${a} ${b}`)).size).toBe(held.length)
          }
        },
      ),
    )
  })
})
