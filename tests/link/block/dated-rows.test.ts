import { expect, it } from 'vitest'
import { blockingKeys } from '../../../src/link/block/blocking-keys.ts'
import { hiddenNik, possibleIn, rowsOf } from '../../../src/link/block/dated-rows.ts'
import type { Features } from '../../../src/link/compare/features.ts'
import { hiddenNumbers } from '../../../src/trust/keys/hidden-number.ts'
import { scoringModel, vault } from '../support.ts'

const NIK = '3174015704830045'
const A: Features = {
  words: ['RATNA', 'KUSUMA'],
  birth: { year: 1983, month: 4, day: 17 },
  sex: '2',
  nik: NIK,
  village: '3174010001',
  extras: {},
}
const numbers = hiddenNumbers(() => '000102030405060708090a0b0c0d0e0f')
const index = (...[purpose, text]: Parameters<typeof vault.indexText>) => vault.indexText(purpose, text)
const keysOf = (features: Features) => blockingKeys(features, scoringModel.model, index)

it('tell the NIK by birth date and place alone', () => {
  const keys = keysOf(A)
  const rows = rowsOf({ key: 'ab', keys, features: A }, numbers)
  expect(rows.map(({ key }) => key)).toEqual(keys.stored)
  expect(rows.filter(({ number }) => number !== undefined)).toEqual([
    { key: keys.dated, record: 'ab', number: numbers.hide(NIK) },
  ])
})

it('tell no NIK where there is none, or no name to be found by', () => {
  const { nik: _, ...unnumbered } = A
  const nameless: Features = { ...A, words: [] }
  for (const features of [unnumbered, nameless] as Features[]) {
    const rows = rowsOf({ key: 'ab', keys: keysOf(features), features }, numbers)
    expect(rows.some(({ number }) => number !== undefined)).toBe(false)
  }
})

it.each<[string, string | undefined, string | undefined, boolean]>([
  ['another number of the same date and sex', '3174015704830099', NIK, false],
  ['the same number', NIK, NIK, true],
  ['two digits exchanged in the serial', '3174015704830054', NIK, true],
  ['two digits exchanged in the district', '3147015704830045', NIK, true],
  ['one digit of the district other', '3175015704830045', NIK, true],
  ['the last digit lost in a spreadsheet', '3174015704830040', NIK, true],
  ['a number of a man', '3174011704830045', NIK, true],
  ['a number of another date', '3174015804830099', NIK, true],
  ['none', undefined, NIK, true],
  ['any, for who has none', '3174015704830099', undefined, true],
])('keep as possible who has %s: %s', (_, theirs, own, isPossible) => {
  const number = theirs === undefined ? undefined : hiddenNik({ nik: theirs }, numbers)
  const blocks = new Map([['1', [{ record: 'ab', ...(number !== undefined && { number }) }]]])
  const asker = own === undefined ? {} : { nik: own }
  expect([...possibleIn(blocks, ['1', '2'], asker, numbers)]).toEqual(isPossible ? ['ab'] : [])
})

it('keep as possible whose number was hidden under another key', () => {
  const number = hiddenNumbers(() => '0f0e0d0c0b0a09080706050403020100').hide('3174015704830099')
  const blocks = new Map([['1', [{ record: 'ab', number }]]])
  expect([...possibleIn(blocks, ['1'], { nik: NIK }, numbers)]).toEqual(['ab'])
})
