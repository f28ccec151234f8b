import type { Platform } from '../domain/platform.ts'
import { agreementDay, agreementName, agreementOn } from '../trust/agreements/agreement.ts'
import type { NewEvent } from './events.ts'

const DAY_MS = 86_400_000

/**
 * The events of platforms that have pushed nothing for longer than the cadence of their agreement in force, at a moment; `lastPush` is
 * when each last pushed. Days count from the first day of the agreement where nothing came since. Each silence is told once.
 */
export function overduesAt(
  now: Date,
  platforms: Iterable<Platform>,
  lastPush: ReadonlyMap<string, Date>,
): NewEvent<'agreement.overdue'>[] {
  const today = agreementDay(now)
  return [...platforms].flatMap((platform) => {
    const agreement = agreementOn(platform, today)
    if (agreement?.cadenceDays === undefined) return []
    const pushed = lastPush.get(platform.name)
    const last = pushed === undefined ? undefined : agreementDay(pushed)
    const from = last === undefined || last < agreement.validFrom ? agreement.validFrom : last
    const days = Math.round((Date.parse(today) - Date.parse(from)) / DAY_MS)
    if (days <= agreement.cadenceDays) return []
    const name = agreementName(agreement)
    return {
      platform: platform.name,
      type: 'agreement.overdue' as const,
      name: `agreement.overdue ${platform.name} ${name} ${from}`,
      data: { agreement: name, cadence_days: agreement.cadenceDays, days, last_pushed: last ?? null },
    }
  })
}
