import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { TitianError } from '../../domain/error.ts'

// A waiter costs a query each time it looks.
const MOST_WAITERS = 64
const LOOK_MS = 400
/** No answer is held back longer: handlers end after 30 s. */
export const LONGEST_WAIT = 25

/** Waits with an answer until a look finds something, or the seconds are over; then what the last look gave is the answer. */
export type LongPoll = <T>(
  reply: FastifyReply,
  seconds: number,
  look: () => Promise<T>,
  isEmpty: (found: T) => boolean,
) => Promise<T>

/**
 * Long polling for the routes of one application. At most 64 requests wait at a time, one more is refused with `too-many`; the end
 * of the application, or of a connection, ends its waiting.
 */
export function openLongPoll(app: FastifyInstance): LongPoll {
  const closing = new AbortController()
  let waiters = 0
  app.addHook('preClose', async () => closing.abort())
  return async (reply, seconds, look, isEmpty) => {
    let found = await look()
    if (seconds === 0 || !isEmpty(found)) return found
    if (waiters >= MOST_WAITERS)
      throw new TitianError('too-many', 'too many wait for deliveries', { retryAfterSeconds: 5 })
    const gone = new AbortController()
    const leave = () => gone.abort()
    reply.raw.once('close', leave)
    waiters += 1
    try {
      const end = AbortSignal.any([closing.signal, gone.signal, AbortSignal.timeout(seconds * 1000)])
      while (!end.aborted && isEmpty(found)) {
        await wait(LOOK_MS, undefined, { signal: end }).catch(() => undefined)
        if (!gone.signal.aborted) found = await look()
      }
      return found
    } finally {
      waiters -= 1
      reply.raw.off('close', leave)
    }
  }
}
