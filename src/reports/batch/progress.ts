/** What is known of how fast a platform's entries go: how many are still ahead, and what was measured. */
export type Pace = {
  /** Entries that have no outcome yet, of the batch and of those before it. */
  remaining: number
  /** Of the batch itself: entries with an outcome, and seconds since it was received. */
  known: number
  seconds: number
  /** Entries a second of the largest batch that was settled lately; null when none was. */
  usual: number | null
}

const LONGEST_RETRY = 30

/** In how many seconds the outcomes will be known at the measured rate; undefined when nothing was measured yet. */
export function secondsToGo({ remaining, known, seconds, usual }: Pace): number | undefined {
  if (remaining === 0) return 0
  const rate = known > 0 && seconds > 0 ? known / seconds : usual
  return rate === null || rate <= 0 ? undefined : remaining / rate
}

/** After how many seconds it is worth asking again: 1 to 30. */
export function secondsToRetry(toGo: number | undefined): number {
  return Math.min(LONGEST_RETRY, Math.max(1, Math.ceil(toGo ?? 2)))
}
