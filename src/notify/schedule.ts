const MINUTE = 60
const HOUR = 60 * MINUTE
const JITTER = 0.1
const LONGEST_REST = 5 * MINUTE
const LONGEST_ASKED = HOUR

/** Seconds from each failure to the next attempt, as Standard Webhooks advises: ten attempts in three days. */
export const RETRY_SECONDS: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** What became of an attempt. `code` says what failed: `refused` by a status, or the error's own code. */
export type Attempted =
  | { is: 'delivered'; status: number }
  | { is: 'gone'; status: 410 }
  | { is: 'failed'; code: string; status: number | null; retryAfter: number | null }

/** The verdict on an answer by its status alone; a redirect is not followed, so it is a refusal too. */
export function judgeAnswer(status: number, retryAfter: string | undefined): Attempted {
  if (status >= 200 && status < 300) return { is: 'delivered', status }
  if (status === 410) return { is: 'gone', status }
  const asked = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : null
  return { is: 'failed', code: 'refused', status, retryAfter: asked }
}

/** Seconds to the next attempt after so many failures, with a tenth more by chance; undefined when there is none. */
export function nextAttemptSeconds(failures: number, random: number, schedule = RETRY_SECONDS): number | undefined {
  const seconds = schedule[failures - 1]
  return seconds === undefined ? undefined : seconds * (1 + JITTER * random)
}

/**
 * Seconds to leave a webhook alone after so many failures in a row: doubling from 1 to 300, or as it asks, an hour at most. Messages that
 * wait meanwhile lose nothing: they are due, and not tried.
 */
export function restSeconds(failures: number, asked: number | null): number {
  return asked === null ? Math.min(LONGEST_REST, 2 ** Math.min(failures - 1, 16)) : Math.min(LONGEST_ASKED, asked)
}
