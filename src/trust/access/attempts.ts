import { createLru } from '../keys/lru.ts'

/** Counts attempts by name; times are milliseconds. */
export type Attempts = {
  /** Seconds until the name may try again; 0: now. */
  wait(name: string, now: number): number
  /** Counts an attempt before its outcome is known, so that a hundred at once are a hundred. */
  count(name: string, now: number): void
  /** Takes the last count back: the attempt succeeded. */
  forgive(name: string): void
}

/** At most `limit` failures of a name in a window that begins with the first; of at most `room` names, the latest. */
export function createAttempts(limit: number, windowSeconds: number, room: number): Attempts {
  const windows = createLru<{ failures: number; until: number }>(room)
  return {
    wait(name, now) {
      const window = windows.get(name)
      if (window === undefined || window.failures < limit || window.until <= now) return 0
      return Math.ceil((window.until - now) / 1000)
    },
    count(name, now) {
      const window = windows.get(name)
      if (window !== undefined && window.until > now) window.failures += 1
      else windows.set(name, { failures: 1, until: now + windowSeconds * 1000 })
    },
    forgive(name) {
      const window = windows.get(name)
      if (window !== undefined) window.failures -= 1
    },
  }
}
