import { describe, expect, it } from 'vitest'
import {
  areOfWoman,
  asDateDigits,
  birthDigits,
  dateDigits,
  districtOfNik,
  partsOfDigits,
} from '../../src/domain/nik.ts'

describe('the digits of a NIK', () => {
  it.each([
    ['3204010101900001', false, { day: 1, month: 1, year: 90 }],
    ['3204014101900001', true, { day: 1, month: 1, year: 90 }],
    ['3204017112050001', true, { day: 31, month: 12, year: 5 }],
    ['3204013112050001', false, { day: 31, month: 12, year: 5 }],
    // No day of anybody: 40 is not a woman's, and what is left of 81 is no day.
    ['3204014001900001', false, { day: 40, month: 1, year: 90 }],
    ['3204018101900001', true, { day: 41, month: 1, year: 90 }],
  ])('of %s say the sex and the birth date', (nik, isWoman, birth) => {
    const digits = dateDigits(nik)
    expect(districtOfNik(nik)).toBe('320401')
    expect(areOfWoman(digits)).toBe(isWoman)
    expect(partsOfDigits(birthDigits(digits))).toEqual(birth)
    expect(asDateDigits(birth.day, birth.month, 1900 + birth.year)).toBe(birthDigits(digits))
  })
})
