import { expect, it } from 'vitest'
import { blockingTexts } from '../../../src/link/block/blocking.ts'
import type { Features } from '../../../src/link/compare/features.ts'

const { birth, ...UNDATED }: Features = {
  words: ['RATNA', 'KUSUMA'],
  birth: { year: 1983, month: 4, day: 17 },
  sex: '2',
  village: '3174010001',
  extras: {},
}
const A: Features = { ...UNDATED, ...(birth && { birth }) }

const NIK = '3174015704830001'
const on = (year: number, month: number, day: number): Features => ({ ...A, birth: { year, month, day } })

it.each<[string, Features]>([
  ['shortened, with the year of birth off by one', { ...on(1984, 4, 17), words: ['R', 'K'] }],
  ['shortened, with the year of birth off by ten', { ...on(1973, 4, 17), words: ['R', 'K'] }],
  ['garbled, with the same birth date', { ...A, words: ['RTNA', 'KESUMMA'] }],
  ['shortened, with a default birth date', { ...on(1983, 1, 1), words: ['RATNA', 'K'] }],
  ['shortened, with a default birth date of the year after', { ...on(1984, 7, 1), words: ['RATNA', 'K'] }],
  ['mistyped in another village of the regency', { ...A, words: ['RATNAH', 'K'], village: '3174020003' }],
  ['the same in another province', { ...A, village: '5101010001' }],
])('finds a record whose name is %s, whoever comes first', (_, b) => {
  expect(meetings(A, b)).toEqual([true, true])
  expect(meetings({ ...A, nik: NIK }, b)).toEqual([true, true])
})

it('finds a record of exchanged day and month under a garbled name', () => {
  expect(meetings(on(1983, 4, 7), { ...on(1983, 7, 4), words: ['RTNA'] })).toEqual([true, true])
})

it('finds who has no birth date by the one in the NIK', () => {
  expect(meetings(A, { ...UNDATED, nik: NIK })).toEqual([true, true])
})

it('finds by the family card whose NIK is of somebody else', () => {
  const kk = '3174010101100001'
  const moved = { ...on(1983, 12, 1), nik: '3174011203900001', village: '5101010001', words: ['R'] }
  expect(meetings({ ...A, kk }, { ...moved, kk })).toEqual([true, true])
})

it('finds nobody of another name who was born on another day', () => {
  expect(meetings(A, { ...on(1983, 5, 17), words: ['SRI'] })).toEqual([false, false])
})

it('compares nobody in vain whose NIKs say their birth dates', () => {
  expect(meetings({ ...A, nik: NIK }, { ...A, words: ['SRI'], nik: '3174015704830002' })).toEqual([false, false])
})

/** Whether each of two finds the other, if that one is there before. */
function meetings(a: Features, b: Features): [boolean, boolean] {
  return [isFound(a, b), isFound(b, a)]
}

function isFound(by: Features, there: Features): boolean {
  const stored = new Set(blockingTexts(there).stored.map(({ text }) => text))
  return blockingTexts(by).asked.some(({ text }) => stored.has(text))
}
