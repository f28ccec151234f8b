import { readFileSync } from 'node:fs'
import type { Child } from '../../../src/cli/run/child.ts'

const EVERY_MS = 500

/** What a process held over a time, in MB by the system: the least and the most in the first third, the least in the last, and most of all. */
export type Held = { samples: number; most: number; least: number; early: number; last: number }

/** Looks at the memory of processes twice a second until it is asked what it saw. */
export function watchMemory(processes: Readonly<Record<string, Child>>) {
  const seen = new Map<string, number[]>(Object.keys(processes).map((name) => [name, []]))
  const timer = setInterval(() => {
    for (const [name, { pid }] of Object.entries(processes)) seen.get(name)?.push(megabytes(pid))
  }, EVERY_MS)
  return {
    /** What was seen since the beginning, by the name of the process. */
    stop(): Map<string, Held> {
      clearInterval(timer)
      return new Map([...seen].map(([name, samples]) => [name, heldBy(samples)]))
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function heldBy(samples: readonly number[]): Held {
  const third = Math.ceil(samples.length / 3)
  return {
    samples: samples.length,
    most: Math.round(Math.max(...samples)),
    // The least of many samples is what is left after a collection.
    least: Math.round(Math.min(...samples.slice(0, third))),
    early: Math.round(Math.max(...samples.slice(0, third))),
    last: Math.round(Math.min(...samples.slice(-third))),
  }
}

function megabytes(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}
