/** What is left of a quota: how many more, and in how many seconds it is whole again. */
export type Left = { remaining: number; resetSeconds: number; isAllowed: boolean }

/** Counts what each name takes of a quota in a window that begins with the first; times are milliseconds. */
export function createQuota(quota: number, windowSeconds: number): (name: string, now: number) => Left {
  const windows = new Map<string, { taken: number; until: number }>()
  return (name, now) => {
    let window = windows.get(name)
    if (window === undefined || window.until <= now) {
      // Clients come and go; those whose window is over are forgotten when a new one begins.
      for (const [other, { until }] of windows) if (until <= now) windows.delete(other)
      window = { taken: 0, until: now + windowSeconds * 1000 }
      windows.set(name, window)
    }
    const isAllowed = window.taken < quota
    if (isAllowed) window.taken += 1
    return {
      remaining: quota - window.taken,
      resetSeconds: Math.max(1, Math.ceil((window.until - now) / 1000)),
      isAllowed,
    }
  }
}
