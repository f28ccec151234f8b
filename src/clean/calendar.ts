const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Two decimal digits of a text as a number. The caller knows that they are digits. */
export function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
}

/** An ISO date as the number YYYYMMDD: ages are differences of these, without a Date object in the hot path. */
export function dayNumber(iso: string): number {
  return (twoDigits(iso, 0) * 100 + twoDigits(iso, 2)) * 10_000 + twoDigits(iso, 5) * 100 + twoDigits(iso, 8)
}

/** Age in full years of someone born on this date; undefined without both dates. Negative before birth. */
export function ageOn(born: string | undefined, day: string | undefined): number | undefined {
  if (born === undefined || day === undefined) return undefined
  return Math.floor((dayNumber(day) - dayNumber(born)) / 10_000)
}

/** True where a month has such a day in a leap year. */
export function isDayOfMonth(day: number, month: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0)
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** True for ten characters that could be an ISO date. */
export function looksLikeDate(text: string): boolean {
  if (text.length !== 10) return false
  for (let at = 0; at < 10; at++) {
    const char = text.charCodeAt(at)
    if (at === 4 || at === 7 ? char !== 45 : char < 48 || char > 57) return false
  }
  return true
}

/** True for a date of the calendar in ISO form. */
export function isDate(iso: string): boolean {
  if (!looksLikeDate(iso)) return false
  const month = twoDigits(iso, 5)
  const day = twoDigits(iso, 8)
  if (month === 2 && day === 29) return isLeapYear(twoDigits(iso, 0) * 100 + twoDigits(iso, 2))
  return isDayOfMonth(day, month)
}
