/** Milliseconds that a zone is ahead of UTC at an instant. */
export type Zone = (instant: number) => number

const MINUTE = 60_000
// Before the first change the mean time of the place counted; nobody alive was born then.
const EARLIEST = Date.UTC(1850, 0, 1)
const LATEST = Date.UTC(2050, 0, 1)

/**
 * A zone by its offset (`+07:00`) or by its name (`Asia/Jakarta`), whose whole history counts: western Indonesia was at +07:30 until 1964,
 * at +08:00 from 1948 to 1950. Undefined where the name is not known.
 */
export function zoneOf(name: string): Zone | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(name) ?? []
  if (sign !== undefined) {
    const fixed = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
    return () => fixed
  }
  const changes = changesOf(name)
  return changes && historyOf(changes)
}

type Change = { from: number; offset: number }

function changesOf(name: string): Change[] | undefined {
  const changes: Change[] = []
  try {
    let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(EARLIEST).toZonedDateTimeISO(name)
    while (at !== null && at.epochMilliseconds < LATEST) {
      changes.push({ from: at.epochMilliseconds, offset: at.offsetNanoseconds / 1e6 })
      at = at.getTimeZoneTransition('next')
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  return changes
}

function historyOf(changes: readonly Change[]): Zone {
  const newestFirst = changes.toReversed()
  const first = changes[0]?.offset ?? 0
  return (instant) => {
    for (const { from, offset } of newestFirst) if (instant >= from) return offset
    return first
  }
}
