import { twoDigits } from './text/digits.ts'

// A NIK has 16 digits (UU 23/2006, article 13; PP 37/2007). Six are of the district that issued it, six are the birth date as
// DDMMYY, four are a serial. The day of a woman has 40 added. A No. KK has the date of issue in the place of the birth date.
// The functions below expect 16 digits and do not check them.

/** Where the digits of the date begin, and where those of the serial do. */
export const NIK_DATE = 6
export const NIK_SERIAL = 12

const ADDED_FOR_A_WOMAN = 40_00_00

/** The Kemendagri code of the district that a NIK was issued in, six digits without dots. */
export function districtOfNik(nik: string): string {
  return nik.slice(0, NIK_DATE)
}

/** Digits 7 to 12 of a NIK or a No. KK as the number DDMMYY, as they are written. */
export function dateDigits(nik: string): number {
  return twoDigits(nik, NIK_DATE) * 10_000 + twoDigits(nik, NIK_DATE + 2) * 100 + twoDigits(nik, NIK_DATE + 4)
}

/** Whether the date digits of a NIK are those of a woman. */
export function areOfWoman(digits: number): boolean {
  return digits > ADDED_FOR_A_WOMAN + 99_99
}

/** The birth date in the date digits of a NIK, as DDMMYY. Whether the calendar has such a day is not looked at. */
export function birthDigits(digits: number): number {
  return areOfWoman(digits) ? digits - ADDED_FOR_A_WOMAN : digits
}

/** A date as the number DDMMYY; of the year only the last two digits count. */
export function asDateDigits(day: number, month: number, year: number): number {
  return day * 10_000 + month * 100 + (year % 100)
}

/** The parts of the number DDMMYY; the year has no century. */
export function partsOfDigits(digits: number): { day: number; month: number; year: number } {
  return { day: Math.floor(digits / 10_000), month: Math.floor(digits / 100) % 100, year: digits % 100 }
}
