import { asDateDigits, birthDigits, dateDigits, NIK_DATE, NIK_SERIAL, partsOfDigits } from '../../domain/nik.ts'
import type { BirthDate } from './features.ts'

/** Whether a NIK holds a birth date. */
export function saysBirth(nik: string, { year, month, day }: BirthDate): boolean {
  return birthDigits(dateDigits(nik)) === asDateDigits(day, month, year)
}

// Two digits do not tell a person of a hundred from a child: the child is assumed.
const LAST_YEAR_OF_2000S = 30

/** The birth date that a NIK holds, as a guess where nothing else tells it. */
export function birthInNik(nik: string): BirthDate {
  const { year, month, day } = partsOfDigits(birthDigits(dateDigits(nik)))
  return { year: year + (year <= LAST_YEAR_OF_2000S ? 2000 : 1900), month, day }
}

/** Whether two numbers hold one birth date and sex. */
export function sayOneDay(a: string, b: string): boolean {
  return a.slice(NIK_DATE, NIK_SERIAL) === b.slice(NIK_DATE, NIK_SERIAL)
}

/** Whether two NIKs differ by a slip: two digits exchanged, or the last one lost in a spreadsheet, which keeps fifteen digits. */
export function isNumberSlip(a: string, b: string): boolean {
  return areTransposed(a, b) || (a.slice(0, -1) === b.slice(0, -1) && (a.endsWith('0') || b.endsWith('0')))
}

function areTransposed(a: string, b: string): boolean {
  const [i = 0, j = 0, ...more] = placesApart(a, b)
  // Neighbouring digits, or both of the birth date: an exchange between other parts is more often two people.
  const isSlip = j - i === 1 || (i >= NIK_DATE && j < NIK_SERIAL)
  return i !== j && more.length === 0 && isSlip && a[i] === b[j] && a[j] === b[i]
}

/** Whether two numbers are two people's, whoever they are said of: of one birth date and sex, and neither is the other mistyped. */
export function areOfTwo(a: string, b: string): boolean {
  return a !== b && sayOneDay(a, b) && !isNumberSlip(a, b) && !isDistrictMistyped(a, b)
}

/** One digit of the district other, all else equal: a typing error, or a namesake registered in the next district. */
function isDistrictMistyped(a: string, b: string): boolean {
  const [i = NIK_DATE, ...more] = placesApart(a, b)
  return i < NIK_DATE && more.length === 0
}

/** Where two numbers part, up to three places. */
function placesApart(a: string, b: string): number[] {
  const places: number[] = []
  for (let i = 0; i < a.length && places.length < 3; i++) if (a[i] !== b[i]) places.push(i)
  return places
}
