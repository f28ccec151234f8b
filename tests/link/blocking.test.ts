import { expect, it } from 'vitest'
import { blockingTexts } from '../../src/link/blocking.ts'
import type { Portrait } from '../../src/link/portrait.ts'

const { birth, ...UNDATED }: Portrait = {
  words: ['RATNA', 'KUSUMA'],
  birth: { year: 1983, month: 4, day: 17 },
  sex: '2',
  village: '3174010001',
  extras: {},
}
const A: Portrait = { ...UNDATED, ...(birth && { birth }) }

it.each([
  ['shortened, with the year of birth off', { ...A, words: ['R', 'K'], birth: { year: 1984, month: 4, day: 17 } }],
  ['garbled, with the same birth date', { ...A, words: ['RTNA', 'KESUMMA'] }],
  ['the same, without a birth date', UNDATED],
])('finds a record of the village whose name is %s', (_, b) => {
  expect(isFound(b)).toBe(true)
})

it('finds nobody of another name who was born on another day', () => {
  expect(isFound({ ...A, words: ['SRI'], birth: { year: 1983, month: 5, day: 17 } })).toBe(false)
})

function isFound(b: Portrait): boolean {
  const stored = new Set(blockingTexts(b).stored.map(({ text }) => text))
  return blockingTexts(A).asked.some(({ text }) => stored.has(text))
}
