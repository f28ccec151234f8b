import { twoDigits } from '../../../domain/text/digits.ts'
import { isDay } from '../../calendar.ts'
import { decidedBy, type Predicate } from './predicate.ts'

const OLDEST_ANSWER = 98

/** The form asks for 98 where someone is 98 or older. */
function ageMatches(real: number, age?: number, tolerance = 0): boolean | undefined {
  if (Number.isNaN(real) || age === undefined) return undefined
  return Math.abs(Math.min(real, OLDEST_ANSWER) - Math.min(age, OLDEST_ANSWER)) <= tolerance
}

function monthWithin(month?: number, year?: number, day?: string, monthsBack = 0): boolean | undefined {
  if (month === undefined || year === undefined || day === undefined) return undefined
  const back = (twoDigits(day, 0) * 100 + twoDigits(day, 2) - year) * 12 + twoDigits(day, 5) - month
  return back >= 0 && back <= monthsBack
}

/** Tests of dates and ages at the reference date of the entry. */
export const DATE_PREDICATES = {
  age_lte: {
    summary: 'the age that follows from this birth date is at most this many years',
    roles: ['var'],
    settings: { value: 'number' },
    code: (emit) => {
      const age = emit.age('var')
      const years = Number(emit.setting('value'))
      return { holds: `${age} <= ${years}`, fails: `${age} > ${years}` }
    },
  },
  age_gte: {
    summary: 'the age that follows from this birth date is this many years or more',
    roles: ['var'],
    settings: { value: 'number' },
    code: (emit) => {
      const age = emit.age('var')
      const years = Number(emit.setting('value'))
      return { holds: `${age} >= ${years}`, fails: `${age} < ${years}` }
    },
  },
  months_lt: {
    summary: 'the age that follows from this birth date is less than this many full months',
    roles: ['var'],
    settings: { value: 'number' },
    code: (emit) => {
      const months = emit.months('var')
      const limit = Number(emit.setting('value'))
      return { holds: `${months} < ${limit}`, fails: `${months} >= ${limit}` }
    },
  },
  months_gte: {
    summary: 'the age that follows from this birth date is this many full months or more',
    roles: ['var'],
    settings: { value: 'number' },
    code: (emit) => {
      const months = emit.months('var')
      const limit = Number(emit.setting('value'))
      return { holds: `${months} >= ${limit}`, fails: `${months} < ${limit}` }
    },
  },
  date_from: {
    summary: 'is a date of the calendar, in this year or later',
    roles: ['var'],
    settings: { value: 'number' },
    code: (emit) => {
      const day = emit.dayNumber('var')
      const holds = `(${day} >= ${Number(emit.setting('value')) * 10_000} && ${emit.constant(isDay)}(${day}))`
      return { holds, fails: `${emit.value('var')} !== undefined && !${holds}` }
    },
  },
  age_matches: {
    summary: 'the age stated agrees with the birth date, give or take these years',
    roles: ['date', 'age'],
    settings: { tolerance: 'number' },
    code: (emit) =>
      decidedBy(emit, ageMatches, [emit.age('date'), emit.value('age'), String(Number(emit.setting('tolerance')))]),
  },
  month_within: {
    summary: 'the month lies within so many months before the reference month, or is that month',
    roles: ['month', 'year'],
    settings: { months_back: 'number' },
    code: (emit) =>
      decidedBy(emit, monthWithin, [
        emit.value('month'),
        emit.value('year'),
        emit.referenceDate,
        String(Number(emit.setting('months_back'))),
      ]),
  },
} as const satisfies Record<string, Predicate>
