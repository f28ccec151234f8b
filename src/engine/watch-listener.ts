import type pg from 'pg'
import type { Log } from '../io/observe/log.ts'
import type { Listener } from '../io/queue.ts'
import { isDispatchUnclaimed } from './chunk.sql.ts'
import type { Stage } from './stage.ts'

/**
 * Opens a listener and opens it anew when it has gone deaf: idle for a while, although dispatches for its stage stay unheard.
 * BullMQ's workers have been seen to do that after a lost connection, with every sign of health (bullmq #4479, #4585, #4729).
 */
export function keepListening(
  stage: Pick<Stage, 'name' | 'from'>,
  { db, log, seconds }: { db: pg.Pool; log: Log; seconds: number },
  open: () => Listener,
): Listener {
  let current = open()
  let received = 0
  let before = 0
  let isClosed = false
  const check = async () => {
    const wasIdle = current.busy() === 0 && current.received() === before
    before = current.received()
    if (!wasIdle || !(await isDispatchUnclaimed(db, stage.from, seconds)) || isClosed) return
    log.warn({ stage: stage.name }, 'opened a deaf listener anew')
    const deaf = current
    received += deaf.received()
    current = open()
    before = 0
    await deaf.close()
  }
  // A database that is away has nothing to say about deafness: the next look will tell.
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
