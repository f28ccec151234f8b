import type { Platform } from '../domain/platform.ts'
import type { NewEvent } from './events.ts'

/** So many days before an agreement's last day its platform is told, and on that day. */
const MARKS = [0, 1, 7, 30]
const DAY_MS = 86_400_000
// Agreements are dated by the calendar of the state's seat.
const CALENDAR = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' })

/**
 * The events of agreements that end soon, at a moment: of each the one whose mark was passed last, under a name of its own, so that a mark
 * that nobody was there to see is told late rather than not at all. One that is over says nothing.
 */
export function endingsAt(now: Date, platforms: Iterable<Platform>): NewEvent<'agreement.ending'>[] {
  const today = CALENDAR.format(now)
  return [...platforms].flatMap(({ name: platform, agreement: { number, validTo } }) => {
    const left = Math.round((Date.parse(validTo) - Date.parse(today)) / DAY_MS)
    const mark = left < 0 ? undefined : MARKS.find((days) => left <= days)
    if (mark === undefined) return []
    const data = { agreement: number, valid_to: validTo, days_left: left }
    return {
      platform,
      type: 'agreement.ending',
      name: `agreement.ending ${platform} ${number} ${validTo} ${mark}`,
      data,
    }
  })
}
