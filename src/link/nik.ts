import type { BirthDate } from './portrait.ts'

/** Whether a NIK holds a birth date: digits 7 to 12 are DDMMYY, of women with 40 added to the day (UU 23/2006 ps 13, PP 37/2007). */
export function saysBirth(nik: string, { year, month, day }: BirthDate): boolean {
  return (
    Number(nik.slice(6, 8)) % 40 === day &&
    Number(nik.slice(8, 10)) === month &&
    Number(nik.slice(10, 12)) === year % 100
  )
}

// Who turned a hundred is taken for a child: two digits do not say it.
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
