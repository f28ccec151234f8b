import { expect, it } from 'vitest'
import { longestInHand, openProgress, standingLines, stuckPart } from '../../../src/io/observe/progress.ts'

it('tells for how long the oldest thing of each part is in hand, and since when something of it has ended', () => {
  let now = 0
  const progress = openProgress(() => now)
  expect([longestInHand(progress), stuckPart(progress, 0)]).toEqual([0, undefined])
  const first = progress.begin('link usual')
  now = 2000
  const second = progress.begin('link usual')
  progress.begin('sweep')()
  now = 5000
  expect(progress.standings()).toEqual([
    { part: 'link usual', things: 2, inHand: 5, sinceEnd: null },
    { part: 'sweep', things: 0, inHand: 0, sinceEnd: 3 },
  ])
  expect(stuckPart(progress, 5)).toBeUndefined()
  expect(stuckPart(progress, 4)).toBe('link usual has been at one thing for 5 s')
  first()
  now = 6000
  expect(longestInHand(progress)).toBe(4)
  second()
  expect(standingLines(progress)).toEqual([
    'link usual: nothing in hand, last ended 0 s ago',
    'sweep: nothing in hand, last ended 4 s ago',
  ])
})
