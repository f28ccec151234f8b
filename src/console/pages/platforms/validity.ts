const DAY_MS = 86_400_000

/** How an agreement stands on a day; `ends` within so many days is worth a look. */
export type Validity = { is: 'early' } | { is: 'ended' } | { is: 'in-force' | 'ends'; days: number }

/** The days on which a platform is warned that its agreement ends begin here. */
const WARNED_DAYS = 60

/** Where a day (ISO) lies in the span of an agreement, both ends inclusive; `days` are those that are left after it. */
export function validityOn(day: string, { validFrom, validTo }: { validFrom: string; validTo: string }): Validity {
  if (day < validFrom) return { is: 'early' }
  if (day > validTo) return { is: 'ended' }
  const days = Math.round((Date.parse(validTo) - Date.parse(day)) / DAY_MS)
  return { is: days <= WARNED_DAYS ? 'ends' : 'in-force', days }
}
