import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ageOn, isDate } from '../../src/language/calendar.ts'

const day = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('ages', () => {
  it.for([
    ['1990-05-17', '2025-05-16', 34],
    ['1990-05-17', '2025-05-17', 35],
    ['2000-02-29', '2025-02-28', 24],
    ['2000-02-29', '2025-03-01', 25],
    ['2025-06-30', '2025-06-30', 0],
    ['2025-07-01', '2025-06-30', -1],
  ] as const)('of someone born %s is on %s %i', ([born, on, age]) => {
    expect(ageOn(born, on)).toBe(age)
  })

  it('go up by one on each birthday', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 100 }), (born, years) => {
        const birthday = `${Number(born.slice(0, 4)) + years}${born.slice(4)}`
        expect(ageOn(born, birthday)).toBe(years)
      }),
    )
  })

  it('are unknown without a birth date or a reference date', () => {
    expect(ageOn(undefined, '2025-06-30')).toBeUndefined()
    expect(ageOn('1990-05-17', undefined)).toBeUndefined()
  })
})

describe('dates', () => {
  it('are those of the calendar', () => {
    fc.assert(fc.property(day, (date) => isDate(date)))
  })

  it.for(['2025-02-29', '1900-02-29', '2025-13-01', '2025-00-10', '2025-04-31', '2025-1-1', '17/05/1990', ''])(
    'are not %j',
    (text) => {
      expect(isDate(text)).toBe(false)
    },
  )
})
