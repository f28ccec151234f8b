const FIRST_SECONDS = 1
const LONGEST_SECONDS = 300
/** What the receiver refuses as such is mended by people: asking every few minutes would only be noise. */
const REFUSED_SECONDS = 900
const RETRY_AFTER_SECONDS = 600

/** Seconds to wait after so many attempts: doubling from 1 to 300, the upper half of it by chance (`random` in [0, 1)). */
export function backoffSeconds(attempts: number, random: number): number {
  return jittered(Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempts, 16)), random)
}

/** Seconds to wait after a refusal that repeating will not mend. */
export function refusedSeconds(random: number): number {
  return jittered(2 * REFUSED_SECONDS, random)
}

/** Obeys a `Retry-After` of up to ten minutes; a longer one is a mistake that would stop the flow unseen. */
export function pauseSeconds(retryAfter: number | undefined, attempts: number, random: number): number {
  if (retryAfter === undefined) return backoffSeconds(attempts, random)
  return Math.min(RETRY_AFTER_SECONDS, Math.max(FIRST_SECONDS, retryAfter))
}

function jittered(seconds: number, random: number): number {
  return (seconds / 2) * (1 + random)
}
