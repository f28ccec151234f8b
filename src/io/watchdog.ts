import { Worker } from 'node:worker_threads'

const BEAT_MS = 250
/** What the thread reads: how often the event loop turned, for how long something has been in hand, and from when on that is too long. */
export const [BEATS, IN_HAND, MOST] = [0, 1, 2]
const CELLS = 3

export type Watchdog = Disposable & {
  /** Has the process ended, too, when something stays in hand for longer than `most` seconds although the event loop turns. */
  watch(secondsInHand: () => number, most: number): void
}

/**
 * Watches this process from a thread of its own. It is ended when its event loop was busy for so many seconds without a break.
 * Such a process renews no lease and answers nobody. Its work is taken over, and the claim counts.
 */
export function startWatchdog(seconds: number): Watchdog {
  const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT))
  let inHand = () => 0
  const timer = setInterval(() => {
    Atomics.store(cells, IN_HAND, Math.floor(inHand()))
    Atomics.add(cells, BEATS, 1)
  }, BEAT_MS)
  timer.unref()
  const worker = new Worker(new URL('./watchdog.thread.ts', import.meta.url), { workerData: { cells, seconds } })
  worker.unref()
  return {
    watch(secondsInHand, most) {
      inHand = secondsInHand
      Atomics.store(cells, MOST, most)
    },
    [Symbol.dispose]() {
      clearInterval(timer)
      void worker.terminate()
    },
  }
}
