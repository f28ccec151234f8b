import { describe, expect, it } from 'vitest'
import { canonicalRows, checkTargets, tableFor } from '../../../src/clean/codes/codes.ts'

const code = (text: string) => ({ code: text, label_id: '', label_en: '' })
const insurance = {
  name: 'jaminan_kesehatan',
  title_id: '',
  title_en: '',
  additive: true,
  codes: ['0', '1', '2', '4', '8', '99'].map(code),
  exclusive_codes: ['99'],
}
const marital = {
  ...insurance,
  name: 'status_kawin',
  additive: false,
  codes: ['1', '2'].map(code),
  exclusive_codes: [],
}

describe('a column of canonical codes', () => {
  it.for([
    [insurance, '4', '4'],
    [insurance, '12', '12'],
    [insurance, '04', '4'],
    [insurance, '99', '99'],
    [insurance, '16', undefined],
    [insurance, '100', undefined],
    [marital, '2', '2'],
    [marital, '3', undefined],
  ] as const)('of %o gives for %s %s', ([list, value, expected]) => {
    const { rows, spellings } = canonicalRows(list)
    expect(tableFor(rows, spellings, 'x').find(value)?.value).toBe(expected)
  })

  it('may be pointed at with a sum, and with nothing else', () => {
    const { rows } = canonicalRows({ ...insurance, codes: ['12', '16'].map(code), additive: false })
    const refused: string[] = []
    checkTargets(rows, 'x', insurance, (label) => refused.push(label))
    expect(refused).toEqual(['16'])
  })
})
