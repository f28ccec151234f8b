import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { TitianError } from '../../../domain/error.ts'

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
 * Long polling for the routes of one application. One query each 400 ms, however many wait, asks for `state`; all look again when it
 * is another than before. At most 64 requests wait at a time, one more is refused with `too-many`; the end of the application, or
 * of a connection, ends its waiting.
 */
export function openLongPoll(app: FastifyInstance, state: () => Promise<string>): LongPoll {
  const closing = new AbortController()
  const waiters = new Set<() => void>()
  app.addHook('preClose', async () => closing.abort())

  async function watch(): Promise<void> {
    // What changed between the first look of a waiter and this is not known: the first state is a change too.
    let before: string | undefined
    while (waiters.size > 0 && !closing.signal.aborted) {
      // A database that is away for a moment is asked again.
      const now = await state().catch(() => before)
      if (now !== before) for (const wake of waiters) wake()
      before = now
      await wait(LOOK_MS, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  return async (reply, seconds, look, isEmpty) => {
    let found = await look()
    if (seconds === 0 || !isEmpty(found)) return found
    if (waiters.size >= MOST_WAITERS)
      throw new TitianError('too-many', 'too many wait already', { retryAfterSeconds: 5 })
    const gone = new AbortController()
    const leave = () => gone.abort()
    reply.raw.once('close', leave)
    const end = AbortSignal.any([closing.signal, gone.signal, AbortSignal.timeout(seconds * 1000)])
    let wake = Promise.withResolvers<void>()
    const woken = () => wake.resolve()
    end.addEventListener('abort', woken)
    waiters.add(woken)
    if (waiters.size === 1) void watch()
    try {
      while (!end.aborted && isEmpty(found)) {
        await wake.promise
        wake = Promise.withResolvers()
        if (!gone.signal.aborted) found = await look()
      }
      // Kept alive, the connection would hold up the end of the server.
      if (closing.signal.aborted) void reply.header('connection', 'close')
      return found
    } finally {
      waiters.delete(woken)
      reply.raw.off('close', leave)
    }
  }
}
