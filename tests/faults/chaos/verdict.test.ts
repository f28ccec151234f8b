import { describe, expect, it } from 'vitest'
import { plan } from '../../../bench/chaos/plan.ts'
import { isClean, type Verdict } from '../../../bench/chaos/verdict.ts'

const CLEAN: Verdict = {
  ...{ attempted: 9, acknowledged: 9, entries: 90, effects: 30 },
  ...{ unsettled: 0, lost: 0, doubled: 0, unexpected: 0, gap: 0, astray: 0, strangers: 0 },
}

describe('the verdict over a run', () => {
  it('is clean when nothing is wrong', () => {
    expect(isClean(CLEAN)).toBe(true)
  })

  it.each(['unsettled', 'lost', 'doubled', 'unexpected', 'gap', 'astray', 'strangers'] as const)(
    'is not when one is %s',
    (what) => {
      expect(isClean({ ...CLEAN, [what]: 1 })).toBe(false)
    },
  )

  it.each(['acknowledged', 'effects'] as const)('is not when none was %s', (what) => {
    expect(isClean({ ...CLEAN, [what]: 0 })).toBe(false)
  })
})

it('deals every kind in its share, and the same by the same seed', () => {
  const strike = () => Promise.resolve()
  const kinds = [
    { name: 'often', share: 3, strike },
    { name: 'rare', share: 1, strike },
  ]
  const dealt = plan(7, 8, kinds)
  expect(dealt.map(({ fault }) => fault.name).toSorted()).toEqual([...Array(6).fill('often'), 'rare', 'rare'])
  expect(plan(7, 8, kinds)).toEqual(dealt)
  expect(plan(8, 8, kinds)).not.toEqual(dealt)
})
