import { FEMALE } from '../../domain/codes.ts'
import { areOfWoman, birthDigits, dateDigits, partsOfDigits } from '../../domain/nik.ts'
import { dayNumber } from '../../language/calendar.ts'

/**
 * Whether a record may be that of the bearer of the NIK that it carries: of day, month and year of birth two agree with the number, or
 * one and the sex. A NIK written at another member of the family leads to nobody, lest what is said of one person reach another.
 */
export function bearsNumber(fields: Readonly<Record<string, string | number>>, nik: string): boolean {
  const born = dayNumber(String(fields.tanggal_lahir ?? ''))
  if (Number.isNaN(born)) return true
  const digits = dateDigits(nik)
  const { day, month, year } = partsOfDigits(birthDigits(digits))
  const agreeing = [
    day === born % 100,
    month === Math.floor(born / 100) % 100,
    year === Math.floor(born / 10_000) % 100,
  ].filter(Boolean).length
  const sex = fields.jenis_kelamin
  const isSameSex = sex === undefined || (sex === FEMALE) === areOfWoman(digits)
  return agreeing >= 2 || (agreeing === 1 && isSameSex)
}
