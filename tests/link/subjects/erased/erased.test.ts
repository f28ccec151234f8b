import { expect, it } from 'vitest'
import { statesErased } from '../../../../src/link/subjects/erased/erased.ts'

const NUMBERED = new Map([
  ['key', { index: 'key', numbered: true }],
  ['number', { index: 'number', numbered: true }],
])
const NAMELESS = new Map([['key', { index: 'key', numbered: false }]])

it.each([
  ['the number, under whatever key', { key: 'other', numbers: ['number'] }, NUMBERED, true],
  ['the key, and no number', { key: 'key', numbers: [] }, NUMBERED, true],
  ['the key with the number of somebody else', { key: 'key', numbers: ['another'] }, NUMBERED, false],
  ['the key of somebody without a number, whatever it states', { key: 'key', numbers: ['another'] }, NAMELESS, true],
  ['neither', { key: 'other', numbers: ['another'] }, NUMBERED, false],
])('a record that states %s is judged', (_, record, erased, is) => {
  expect(statesErased(record, erased)).toBe(is)
})
