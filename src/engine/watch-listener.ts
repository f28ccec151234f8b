import type pg from 'pg'
import type { Log } from '../io/observe/log.ts'
import type { Listener } from '../io/queue.ts'
import { isDispatchUnclaimed } from './chunk.sql.ts'
import type { Stage } from './stage.ts'

/** `mostEntries`: the listener is for chunks of so many entries at most that their platform has nothing else beside. */
type WatchDeps = { db: pg.Pool; log: Log; seconds: number; mostEntries?: number | null }

/**
 * Opens a listener, and opens it anew when it is idle for a while although dispatches for its stage wait unclaimed.
 * BullMQ's workers may stop listening after a lost connection and still look healthy (bullmq #4479, #4585, #4729).
 */
export function keepListening(
  stage: Pick<Stage, 'name' | 'from'>,
  { db, log, seconds, mostEntries = null }: WatchDeps,
  open: () => Listener,
): Listener {
  let current = open()
  let received = 0
  let before = 0
  let isClosed = false
  const check = async () => {
    const wasIdle = current.busy() === 0 && current.received() === before
    before = current.received()
    if (!wasIdle || !(await isDispatchUnclaimed(db, stage.from, seconds, mostEntries)) || isClosed) return
    log.warn({ stage: stage.name }, 'opened a deaf listener anew')
    const deaf = current
    received += deaf.received()
    current = open()
    before = 0
    await deaf.close()
  }
  // Without the database nothing can be said; the next check will tell.
  const timer = setInterval(() => void check().catch(() => undefined), seconds * 1000)
  return {
    busy: () => current.busy(),
    received: () => received + current.received(),
    close: () => {
      isClosed = true
      clearInterval(timer)
      return current.close()
    },
  }
}
