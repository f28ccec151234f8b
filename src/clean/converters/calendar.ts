import type { Zone } from './zone.ts'

/** A day as numbers; a short year still lacks its century. */
export type Parts = { year: number; month: number; day: number; shortYear?: boolean; clock?: number }

const DAY = 86_400_000
const FARTHEST = 8_640_000_000_000_000

/**
 * The calendar day of an instant in a zone, with the milliseconds since its midnight as `clock`. Undefined for an instant that no Date can
 * hold. The arithmetic is Howard Hinnant's, "chrono-compatible low-level date algorithms", for the proleptic Gregorian calendar. A Date
 * object for each birthday costs more than the rest of the conversion.
 */
export function dayOf(instant: number, zone: Zone): Parts | undefined {
  if (!(Math.abs(instant) < FARTHEST)) return undefined
  const local = instant + zone(instant)
  const whole = Math.floor(local / DAY)
  const days = whole + 719_468
  const era = Math.floor(days / 146_097)
  const ofEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * ofYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shifted + 2) / 5) + 1,
    // Midnight of UTC is how a day without a time is mostly written, and west of it the evening before.
    clock: instant % DAY === 0 && local < instant ? DAY - 1 : local - whole * DAY,
  }
}

/** Two decimal digits as a number; NaN where there are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Where the zone of an instant begins: behind minutes, seconds and fractions. */
function zoneStart(text: string): number {
  if (text[16] !== ':') return 16
  if (!(pair(text, 17) <= 59)) return -1
  if (text[19] !== '.') return 19
  const end = text.length - (text.endsWith('Z') ? 1 : 6)
  for (let i = 20; i < end; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return -1
  return end > 20 ? end : -1
}

/** Minutes that the zone of an instant is ahead of UTC; NaN where it is not written as ISO 8601 says. */
function offsetOf(text: string, at: number): number {
  if (text[at] === 'Z') return text.length === at + 1 ? 0 : Number.NaN
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : Number.NaN
  const minutes = pair(text, at + 4)
  return text.length === at + 6 && text[at + 3] === ':' && minutes <= 59
    ? sign * (pair(text, at + 1) * 60 + minutes)
    : Number.NaN
}

/**
 * The calendar day of an ISO 8601 instant in a zone; midnight as written is the day as written, whatever its offset. Undefined for any other
 * text. It is read sign by sign: a pattern with eight groups costs more than the rest of a person's dates.
 */
export function dayOfText(text: string, zone: Zone): Parts | undefined {
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':') return undefined
  const year = pair(text, 0) * 100 + pair(text, 2)
  const month = pair(text, 5)
  const day = pair(text, 8)
  const hour = pair(text, 11)
  const minute = pair(text, 14)
  const second = text[16] === ':' ? pair(text, 17) : 0
  const offset = offsetOf(text, zoneStart(text))
  if (Number.isNaN(year + month + day + hour + minute + offset) || hour > 23 || minute > 59) return undefined
  if (isoDay({ year, month, day }) === undefined) return { year, month, day }
  if (hour === 0 && minute === 0 && second === 0) return { year, month, day, clock: 0 }
  return dayOf(Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000, zone)
}

/** Month and day as they end an ISO date, by 32 times the month plus the day. */
const ENDINGS = Array.from({ length: 13 * 32 }, (_, at) => {
  const two = (part: number) => String(part).padStart(2, '0')
  return `-${two(at >> 5)}-${two(at & 31)}`
})

/** ISO text of a day that exists, else undefined. */
export function isoDay({ year, month, day }: Parts): string | undefined {
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return `${year}${ENDINGS[(month << 5) + day]}`
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
