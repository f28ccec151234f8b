import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../io/observe/log.ts'
import type { Metrics } from '../io/observe/metrics.ts'
import { inTransaction, openBeside } from '../io/postgres/postgres.ts'
import { tryLockSweep } from './sweep.sql.ts'

/** A task that runs again and again, in one process at a time. It returns how many rows it mended. */
export type SweepTask = { name: string; everyMs: number; run(db: pg.Pool): Promise<number> }

export type Sweeper = { close(): Promise<void> }

const PASS_MS = 1000

/** Runs the tasks until closed. Every process has a sweeper; an advisory lock lets one of them work. */
export function startSweeper(deps: { db: pg.Pool; log: Log; metrics: Metrics }, tasks: readonly SweepTask[]): Sweeper {
  const stopping = new AbortController()
  const running = sweepUntil(stopping.signal, deps, tasks)
  return {
    async close() {
      stopping.abort()
      await running
    },
  }
}

async function sweepUntil(signal: AbortSignal, deps: Parameters<typeof startSweeper>[0], tasks: readonly SweepTask[]) {
  const nextAt = new Map(tasks.map(({ name }) => [name, 0]))
  // The tasks use the pool while the lock is held: a pool of one connection would wait for itself.
  const locks = openBeside(deps.db)
  while (!signal.aborted) {
    const end = deps.metrics.progress.begin('sweep')
    await pass(deps, locks, tasks, nextAt).catch((error: unknown) => deps.log.warn({ err: error }, 'sweep failed'))
    end()
    await delay(PASS_MS, undefined, { signal }).catch(() => undefined)
  }
  await locks.end()
}

async function pass(
  { db, log, metrics }: Parameters<typeof startSweeper>[0],
  locks: pg.Pool,
  tasks: readonly SweepTask[],
  nextAt: Map<string, number>,
): Promise<void> {
  const due = tasks.filter(({ name }) => performance.now() >= (nextAt.get(name) ?? 0))
  if (due.length === 0) return
  await inTransaction(locks, async (tx) => {
    if (!(await tryLockSweep(tx))) return
    for (const { name, everyMs, run } of due) {
      nextAt.set(name, performance.now() + everyMs)
      // A task that fails (Redis is away) does not stop the others.
      const mended = await run(db).catch((error: unknown) => {
        log.warn({ task: name, err: error }, 'sweep task failed')
        return 0
      })
      if (mended === 0) continue
      metrics.swept.inc({ task: name }, mended)
      log.debug({ task: name, mended })
    }
  })
}
