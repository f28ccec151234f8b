import type { Platform } from '../domain/platform.ts'
import { agreementDay, agreementName, agreementOn, bindingAgreement } from '../trust/agreements/agreement.ts'
import type { NewEvent } from './events.ts'

/** So many days before an agreement's last day its platform is told, and on that day. */
const MARKS = [0, 1, 7, 30, 60]
const DAY_MS = 86_400_000

/**
 * The events of agreements that end soon, at a moment: of each the one whose mark was passed last, under a name of its own, so that a mark
 * that nobody was there to see is told late rather than not at all. One that is over, or renewed without a gap, says nothing.
 */
export function endingsAt(now: Date, platforms: Iterable<Platform>): NewEvent<'agreement.ending'>[] {
  const today = agreementDay(now)
  return [...platforms].flatMap((one) => {
    const ending = bindingAgreement(one, today)
    const { validTo } = ending
    const isRenewed = agreementOn(one, nextDay(validTo)) !== undefined
    const number = agreementName(ending)
    const platform = one.name
    const left = Math.round((Date.parse(validTo) - Date.parse(today)) / DAY_MS)
    const mark = left < 0 || isRenewed ? undefined : MARKS.find((days) => left <= days)
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

function nextDay(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)
}
