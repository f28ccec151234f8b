import { FEMALE, MALE } from '../../../domain/codes.ts'
import { areOfWoman, asDateDigits, birthDigits, dateDigits, partsOfDigits } from '../../../domain/nik.ts'
import { twoDigits } from '../../../domain/text/digits.ts'
import { isDayOfMonth } from '../../calendar.ts'
import { decidedBy, type Emit, type Predicate } from './predicate.ts'

/** Digits 7 to 12 of a NIK or a No. KK as a number, NaN without one: read once for all tests. */
function sixDigits(number?: string): number {
  return number === undefined ? Number.NaN : dateDigits(number)
}

function possible(date: number): boolean | undefined {
  if (Number.isNaN(date)) return undefined
  const { day, month, year } = partsOfDigits(date)
  if (!isDayOfMonth(day, month)) return false
  // Of the two years that end alike at most the leap ones have a 29 February: 2000 has, so 00 may.
  return month !== 2 || day !== 29 || year % 4 === 0
}

function nikDatePossible(digits: number): boolean | undefined {
  return possible(birthDigits(digits))
}

/** Unknown where the NIK holds no possible date: that has a finding of its own. The century is never taken from a NIK. */
function nikDateMatches(digits: number, born: number): boolean | undefined {
  if (Number.isNaN(born) || nikDatePossible(digits) !== true) return undefined
  return birthDigits(digits) === asDateDigits(born % 100, Math.floor(born / 100) % 100, Math.floor(born / 10_000))
}

function swappedDateSuspected(digits: number, born: number): boolean | undefined {
  if (Number.isNaN(digits + born)) return undefined
  const [day, month] = [born % 100, Math.floor(born / 100) % 100]
  return day <= 12 && day !== month && birthDigits(digits) === asDateDigits(month, day, Math.floor(born / 10_000))
}

function nikSexMatches(digits: number, sex?: string): boolean | undefined {
  if (Number.isNaN(digits) || (sex !== MALE && sex !== FEMALE)) return undefined
  return areOfWoman(digits) === (sex === FEMALE)
}

/** Compares in the Kemendagri scheme, which NIKs are made of; unknown for a district that the bridge does not hold. */
function regionMatcher(districtOfBps: Emit['districtOfBps'], digits: number) {
  // The members of a family live in one district, and rows come by district.
  let last: { district: string; beginning: string | undefined } = { district: '', beginning: undefined }
  return (nik?: string, district?: string): boolean | undefined => {
    if (nik === undefined || district === undefined) return undefined
    if (last.district !== district) last = { district, beginning: districtOfBps(district)?.slice(0, digits) }
    return last.beginning === undefined ? undefined : nik.startsWith(last.beginning)
  }
}

function startsAmong(codes: ReadonlySet<string>) {
  const known = new Set([...codes].map(Number))
  return (nik?: string): boolean | undefined => (nik === undefined ? undefined : known.has(twoDigits(nik, 0)))
}

function digits(emit: Emit, role: string): string {
  return emit.once(`${emit.constant(sixDigits)}(${emit.value(role)})`)
}

/** Tests of what a NIK or a No. KK says by itself; both are 16 digits wherever a record holds them. */
export const NIK_PREDICATES = {
  nik_province_in: {
    summary: 'the first two digits are one of these Kemendagri province codes, present or past',
    roles: ['nik'],
    settings: { codes: 'texts' },
    code: (emit) =>
      decidedBy(emit, startsAmong(new Set(emit.setting('codes') as readonly string[])), [emit.value('nik')]),
  },
  nik_date_possible: {
    summary: 'digits 7 to 12 are a day of some year, with 40 added to the day of a woman',
    roles: ['nik'],
    settings: {},
    code: (emit) => decidedBy(emit, nikDatePossible, [digits(emit, 'nik')]),
  },
  nik_date_matches: {
    summary: 'digits 7 to 12 are this birth date; the year is compared by its last two digits',
    roles: ['nik', 'date'],
    settings: {},
    code: (emit) => decidedBy(emit, nikDateMatches, [digits(emit, 'nik'), emit.dayNumber('date')]),
  },
  swapped_date_suspected: {
    summary: 'digits 7 to 12 are this birth date with day and month exchanged',
    roles: ['nik', 'date'],
    settings: {},
    code: (emit) => decidedBy(emit, swappedDateSuspected, [digits(emit, 'nik'), emit.dayNumber('date')]),
  },
  nik_sex_matches: {
    summary: 'the day is above 40 if and only if the person is a woman',
    roles: ['nik', 'sex'],
    settings: {},
    code: (emit) => decidedBy(emit, nikSexMatches, [digits(emit, 'nik'), emit.value('sex')]),
  },
  nik_region_matches: {
    summary: 'the first digits are those of the district of residence, bridged from its BPS code',
    roles: ['nik', 'district'],
    settings: { digits: 'number' },
    code: (emit) =>
      decidedBy(emit, regionMatcher(emit.districtOfBps, Number(emit.setting('digits'))), [
        emit.value('nik'),
        emit.value('district'),
      ]),
  },
  kk_date_possible: {
    summary: 'digits 7 to 12 are a day of issue, with nothing added',
    roles: ['kk'],
    settings: {},
    code: (emit) => decidedBy(emit, possible, [digits(emit, 'kk')]),
  },
} as const satisfies Record<string, Predicate>
