const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * An ISO date as the number YYYYMMDD; NaN for any other text. Ages are differences of these numbers, so the hot path needs no Date.
 * Whether the calendar has such a day is not looked at: `isDay` says that.
 */
export function dayNumber(iso: string | undefined): number {
  if (iso?.length !== 10) return Number.NaN
  let number = 0
  for (let at = 0; at < 10; at++) {
    const char = iso.charCodeAt(at)
    if (at === 4 || at === 7) {
      if (char !== 45) return Number.NaN
    } else if (char >= 48 && char <= 57) number = number * 10 + char - 48
    else return Number.NaN
  }
  return number
}

/** True for the number of a day that the calendar has. */
export function isDay(number: number): boolean {
  const month = Math.floor(number / 100) % 100
  const day = number % 100
  return month === 2 && day === 29 ? isLeapYear(Math.floor(number / 10_000)) : isDayOfMonth(day, month)
}

/** True for a date of the calendar in ISO form. */
export function isDate(iso: string): boolean {
  return isDay(dayNumber(iso))
}

/** Full years between two days as numbers, NaN where one is unknown. Negative before birth. */
export function yearsBetween(born: number, day: number): number {
  return Math.floor((day - born) / 10_000)
}

/** Full months between two days as numbers, NaN where one is unknown. Negative before birth. */
export function monthsBetween(born: number, day: number): number {
  const months = (number: number) => Math.floor(number / 10_000) * 12 + (Math.floor(number / 100) % 100)
  return months(day) - months(born) - (day % 100 < born % 100 ? 1 : 0)
}

/** Age in full years of someone born on this date; undefined without both dates. */
export function ageOn(born: string | undefined, day: string | undefined): number | undefined {
  const years = yearsBetween(dayNumber(born), dayNumber(day))
  return Number.isNaN(years) ? undefined : years
}

/** True where a month has such a day in a leap year. */
export function isDayOfMonth(day: number, month: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0)
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
