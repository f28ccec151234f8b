const FIRST_SECONDS = 1
/** No wait of a delivery or of its destination is longer, whatever the receiver asks for. */
export const LONGEST_SECONDS = 300
// What the receiver refuses as such is mended by people, most often on its side: it is asked less often than one that failed.
const REFUSED_SECONDS = 10
const RETRY_AFTER_SECONDS = 120

/** Seconds to wait after so many attempts: doubling from 1 to 300, the upper half of it by chance (`random` in [0, 1)). */
export function backoffSeconds(attempts: number, random: number): number {
  return jittered(doubled(FIRST_SECONDS, attempts), random)
}

/** Seconds to wait after a refusal of this very delivery: doubling from 10 to 300, the upper half of it by chance. */
export function refusedSeconds(attempts: number, random: number): number {
  return jittered(doubled(REFUSED_SECONDS, attempts), random)
}

/** Obeys a `Retry-After` of up to two minutes; a longer one holds back every delivery, and is asked after once more by then. */
export function pauseSeconds(retryAfter: number | undefined, attempts: number, random: number): number {
  if (retryAfter === undefined) return backoffSeconds(attempts, random)
  return Math.min(RETRY_AFTER_SECONDS, Math.max(FIRST_SECONDS, retryAfter))
}

function doubled(first: number, attempts: number): number {
  return Math.min(LONGEST_SECONDS, first * 2 ** Math.min(attempts, 16))
}

function jittered(seconds: number, random: number): number {
  return (seconds / 2) * (1 + random)
}
