import { setTimeout as delay } from 'node:timers/promises'

/** Something that runs beside us and may end by itself. */
export type Running = { ended: Promise<void>; stop(): Promise<void> }

const FIRST_MS = 200
const LONGEST_MS = 5000
const STEADY_MS = 30_000

/**
 * Starts something and starts it again whenever it ends, after a pause that doubles until it has run for a while.
 * The first start must succeed; later ones are repeated until one does. Once `ending` is aborted nothing is started again.
 */
export async function keepRunning<T extends Running>(
  start: (attempt: number) => Promise<T>,
  say: (message: string) => void,
  ending: AbortSignal,
): Promise<{ first: T; stop(): Promise<void> }> {
  const stopping = new AbortController()
  const first = await start(0)
  const watching = watch(first, start, say, AbortSignal.any([ending, stopping.signal]))
  return {
    first,
    async stop() {
      stopping.abort()
      const last = await watching
      await last?.stop()
    },
  }
}

/** Returns what ran last, when the signal comes. */
async function watch<T extends Running>(
  first: T,
  start: (attempt: number) => Promise<T>,
  say: (message: string) => void,
  signal: AbortSignal,
): Promise<T | undefined> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  let current: T | undefined = first
  let pause = FIRST_MS
  for (let attempt = 1; !signal.aborted; attempt++) {
    const since = performance.now()
    await Promise.race([current?.ended, aborted])
    if (signal.aborted) return current
    if (current !== undefined) say('ended by itself and is started again')
    pause = performance.now() - since > STEADY_MS ? FIRST_MS : Math.min(pause * 2, LONGEST_MS)
    await delay(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return undefined
    current = await start(attempt).catch((error: unknown) => {
      say(error instanceof Error ? error.message : 'did not start')
      return undefined
    })
  }
  return current
}
