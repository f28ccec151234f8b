import { isDayOfMonth, twoDigits } from '../../calendar.ts'
import { decidedBy, type Emit, type Predicate } from './predicate.ts'

const WOMAN = 40
const MALE = '1'
const FEMALE = '2'

function possible(number: string, day: number): boolean {
  const month = twoDigits(number, 8)
  if (!isDayOfMonth(day, month)) return false
  // Of the two years that end alike at most the leap ones have a 29 February: 2000 has, so 00 may.
  return month !== 2 || day !== 29 || twoDigits(number, 10) % 4 === 0
}

/** Digits 7 to 12 of a NIK are the birth date DDMMYY, with 40 added to the day for women. */
function nikDay(nik: string): number {
  const day = twoDigits(nik, 6)
  return day > WOMAN ? day - WOMAN : day
}

function nikDatePossible(nik?: string): boolean | undefined {
  return nik === undefined ? undefined : possible(nik, nikDay(nik))
}

/** Digits 7 to 12 of a No. KK are the day of issue, with nothing added. */
function kkDatePossible(kk?: string): boolean | undefined {
  return kk === undefined ? undefined : possible(kk, twoDigits(kk, 6))
}

/** Unknown where the NIK holds no possible date: that has a finding of its own. The century is never taken from a NIK. */
function nikDateMatches(nik?: string, born?: string): boolean | undefined {
  if (nik === undefined || born === undefined || !nikDatePossible(nik)) return undefined
  return agree(nik, born, twoDigits(born, 8), twoDigits(born, 5))
}

function swappedDateSuspected(nik?: string, born?: string): boolean | undefined {
  if (nik === undefined || born === undefined) return undefined
  const [day, month] = [twoDigits(born, 8), twoDigits(born, 5)]
  return day <= 12 && day !== month && agree(nik, born, month, day)
}

function agree(nik: string, born: string, day: number, month: number): boolean {
  return nikDay(nik) === day && twoDigits(nik, 8) === month && twoDigits(nik, 10) === twoDigits(born, 2)
}

function nikSexMatches(nik?: string, sex?: string): boolean | undefined {
  if (nik === undefined || (sex !== MALE && sex !== FEMALE)) return undefined
  return twoDigits(nik, 6) > WOMAN === (sex === FEMALE)
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
    code: (emit) => decidedBy(emit, nikDatePossible, [emit.value('nik')]),
  },
  nik_date_matches: {
    summary: 'digits 7 to 12 are this birth date; the year is compared by its last two digits',
    roles: ['nik', 'date'],
    settings: {},
    code: (emit) => decidedBy(emit, nikDateMatches, [emit.value('nik'), emit.value('date')]),
  },
  swapped_date_suspected: {
    summary: 'digits 7 to 12 are this birth date with day and month exchanged',
    roles: ['nik', 'date'],
    settings: {},
    code: (emit) => decidedBy(emit, swappedDateSuspected, [emit.value('nik'), emit.value('date')]),
  },
  nik_sex_matches: {
    summary: 'the day is above 40 if and only if the person is a woman',
    roles: ['nik', 'sex'],
    settings: {},
    code: (emit) => decidedBy(emit, nikSexMatches, [emit.value('nik'), emit.value('sex')]),
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
    code: (emit) => decidedBy(emit, kkDatePossible, [emit.value('kk')]),
  },
} as const satisfies Record<string, Predicate>
