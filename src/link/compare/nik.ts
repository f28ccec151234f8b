import type { BirthDate } from './features.ts'

// Where the digits of the district end, and those of the serial begin.
const DISTRICT = 6
const SERIAL = 12

/** Whether a NIK holds a birth date: digits 7 to 12 are DDMMYY, of women with 40 added to the day (UU 23/2006 ps 13, PP 37/2007). */
export function saysBirth(nik: string, { year, month, day }: BirthDate): boolean {
  return (
    Number(nik.slice(6, 8)) % 40 === day &&
    Number(nik.slice(8, 10)) === month &&
    Number(nik.slice(10, 12)) === year % 100
  )
}

// Two digits do not tell a person of a hundred from a child: the child is assumed.
const LAST_YEAR_OF_2000S = 30

/** The birth date that a NIK holds, as a guess where nothing else tells it. */
export function birthInNik(nik: string): BirthDate {
  const year = Number(nik.slice(10, 12))
  return {
    year: year + (year <= LAST_YEAR_OF_2000S ? 2000 : 1900),
    month: Number(nik.slice(8, 10)),
    day: Number(nik.slice(6, 8)) % 40,
  }
}

/** Whether two numbers hold one birth date and sex. */
export function sayOneDay(a: string, b: string): boolean {
  return a.slice(DISTRICT, SERIAL) === b.slice(DISTRICT, SERIAL)
}

/** Whether two NIKs differ by a slip: two digits exchanged, or the last one lost in a spreadsheet, which keeps fifteen digits. */
export function isNumberSlip(a: string, b: string): boolean {
  return areTransposed(a, b) || (a.slice(0, -1) === b.slice(0, -1) && (a.endsWith('0') || b.endsWith('0')))
}

function areTransposed(a: string, b: string): boolean {
  const [i = 0, j = 0, ...more] = placesApart(a, b)
  // Neighbouring digits, or both of the birth date: an exchange between other parts is more often two people.
  const isSlip = j - i === 1 || (i >= DISTRICT && j < SERIAL)
  return i !== j && more.length === 0 && isSlip && a[i] === b[j] && a[j] === b[i]
}

/** One digit of the district other, all else equal: a typing error, or a namesake registered in the next district. */
export function isDistrictMistyped(a: string, b: string): boolean {
  const [i = DISTRICT, ...more] = placesApart(a, b)
  return i < DISTRICT && more.length === 0
}

/** Where two numbers part, up to three places. */
function placesApart(a: string, b: string): number[] {
  const places: number[] = []
  for (let i = 0; i < a.length && places.length < 3; i++) if (a[i] !== b[i]) places.push(i)
  return places
}
