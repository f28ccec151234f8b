import type { NumberFormat } from './number-format.ts'

/** The days of 1904 begin so many behind those of 1900 (ECMA-376, 18.17.4.1). */
const DAYS_1904 = 1462
/** 1899-12-30 in days since 1970: what the serials of 1900 count from, behind the day that never was. */
const EPOCH_1900 = -25_569
/** Serial 60 is 1900-02-29, which spreadsheets believe in. */
const NO_DAY = 60
const LAST_DAY = 2_958_466
const DAY_SECONDS = 86_400
const DAY_MS = 86_400_000

/** Spreadsheets keep so many digits of a number. */
const KEPT_DIGITS = 15
const KEPT = 10 ** KEPT_DIGITS

/** How numbers of a column are to be written: with the decimal sign that the dataset reads there. */
export type NumberStyle = { is1904: boolean; decimal: string }

/**
 * The text of a number in a sheet, by its format: an ISO date, digits, or a decimal number. A number of which digits were lost is written
 * with an exponent, as spreadsheets show it, so that nobody takes it for an identifier; undefined for what is no number.
 */
export function numberText(
  written: string,
  format: NumberFormat,
  { is1904, decimal }: NumberStyle,
): string | undefined {
  const value = Number(written)
  if (written.trim() === '' || !Number.isFinite(value)) return undefined
  if (format?.is === 'date') return dateText(value, is1904) ?? plain(value, decimal)
  const text = plain(value, decimal)
  return format?.is === 'digits' && /^[0-9]+$/.test(text) ? text.padStart(format.width, '0') : text
}

function plain(value: number, decimal: string): string {
  if (!Number.isInteger(value)) return fraction(value, decimal)
  const isLost = Math.abs(value) >= KEPT && (!Number.isSafeInteger(value) || value % 10 === 0)
  return isLost ? withExponent(value) : String(value === 0 ? 0 : value)
}

/** A whole number of sixteen digits that ends with a zero is what fifteen digits leave of any. */
function withExponent(value: number): string {
  return value.toExponential().replace('e+', 'E+')
}

/** Digits behind the fifteenth are those of the binary number, not of what was written. */
function fraction(value: number, decimal: string): string {
  const text = String(Number(value.toPrecision(KEPT_DIGITS)))
  return decimal === '.' || text.includes('e') ? text : text.replace('.', decimal)
}

/** A serial as ISO date, with the time where it has one, or the time alone; undefined where it is no day that exists. */
function dateText(serial: number, is1904: boolean): string | undefined {
  const seconds = Math.round(serial * DAY_SECONDS)
  const day = Math.floor(seconds / DAY_SECONDS)
  const clock = seconds - day * DAY_SECONDS
  if (day === 0 && !is1904 && clock > 0) return clockText(clock)
  const since1900 = is1904 ? day + DAYS_1904 : day
  if (since1900 < 1 || since1900 >= LAST_DAY || since1900 === NO_DAY) return undefined
  const days = since1900 + EPOCH_1900 + (since1900 < NO_DAY ? 1 : 0)
  const date = new Date(days * DAY_MS).toISOString().slice(0, 10)
  return clock === 0 ? date : `${date} ${clockText(clock)}`
}

function clockText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19)
}
