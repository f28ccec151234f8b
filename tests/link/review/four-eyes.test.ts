import { expect, it } from 'vitest'
import { needsTwo } from '../../../src/link/review/four-eyes.ts'
import { areTwo } from '../../../src/trust/people/two-persons.ts'
import { openDesk, raisePossibleMatch } from '../../console/desk.ts'

it.for([
  [5, 'same', 4, false],
  [5, 'same', 5, true],
  [5, 'different', 9, false],
  [1, 'different', 2, true],
  [1, 'same', 2, true],
] as const)('from %i records on, %s of %i wants two stewards: %s', ([from, decision, records, isForTwo]) => {
  expect(needsTwo(from, { decision, records })).toBe(isForTwo)
})

it.for([
  ['acc_1', 'acc_2', true],
  ['acc_1', 'acc_1', false],
  ['wali-1', 'wali-2', false],
  ['acc_1', 'wali-1', false],
  ['wali-1', 'acc_1', false],
] as const)('%s and %s are two: %s', ([first, second, isTwo]) => {
  expect(areTwo(first, second)).toBe(isTwo)
})

it('a merge of as many records as the setting says wants a second steward, and keeping apart does not', async () => {
  await using desk = await openDesk({ FOUR_EYES_RECORDS: '2' })
  const [one, other] = [await desk.steward(), await desk.steward()]
  const say = async (call: typeof one, id: string, decision: string) => {
    const body = JSON.stringify({ decision, reason: 'seen' })
    const answer = await call(`/v1/reviews/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const { taken, type } = (await answer.json()) as { taken?: string; type?: string }
    return taken ?? type
  }
  const [merged, kept] = [await raisePossibleMatch(desk), await raisePossibleMatch(desk, undefined, 'dua')]
  expect(await say(one, merged, 'same')).toBe('noted')
  expect(await say(one, merged, 'same')).toBe('/problems/second-steward')
  expect(await say(other, merged, 'same')).toBe('decided')
  expect(await say(one, kept, 'different')).toBe('decided')
})
