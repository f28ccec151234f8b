import type { WorkFilter } from '../../../link/review/work-filter.ts'
import { OVERRIDES, type Override } from '../../../link/score/overrides.ts'

/** What a steward looks for, as it stands in the address; a part that is none of these is left out. */
export type WorkQuery = { platform?: string; region?: string; rule?: string; days?: string; mine?: string }

/** The ages in days that the list can be asked for. */
export const AGES = ['1', '7', '30', '90']

const DAY = 86_400_000

/** What of an address is a filter: it goes from the list to the review and on to the next one. */
export function workQueryOf(query: Readonly<Record<string, unknown>>): WorkQuery {
  const { platform, region, rule, days, mine } = query
  return {
    ...(typeof platform === 'string' && /^[a-z0-9-]{1,64}$/.test(platform) && { platform }),
    ...(typeof region === 'string' && /^\d{2,10}$/.test(region) && { region }),
    ...(typeof rule === 'string' && (rule === 'none' || Object.hasOwn(OVERRIDES, rule)) && { rule }),
    ...(typeof days === 'string' && AGES.includes(days) && { days }),
    ...(mine === 'yes' && { mine }),
  }
}

/** The same as the list reads it, for who asks at a moment. */
export function filterOf({ platform, region, rule, days, mine }: WorkQuery, who: string, now: Date): WorkFilter {
  return {
    ...{ platform, region, rule: rule as Override | 'none' | undefined },
    askedBefore: days === undefined ? undefined : new Date(now.getTime() - Number(days) * DAY),
    by: mine === undefined ? undefined : who,
  }
}
