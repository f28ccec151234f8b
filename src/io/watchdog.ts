import { Worker } from 'node:worker_threads'

const BEAT_MS = 250

/**
 * Watches this process from a thread of its own. It is ended when its event loop was busy for so many seconds without a break.
 * Such a process renews no lease and answers nobody. Its work is taken over, and the claim counts.
 */
export function startWatchdog(seconds: number): Disposable {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS)
  timer.unref()
  const worker = new Worker(new URL('./watchdog.thread.ts', import.meta.url), { workerData: { beats, seconds } })
  worker.unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      void worker.terminate()
    },
  }
}
