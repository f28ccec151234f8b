import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../../domain/error.ts'

const EVERY_MS = 2000
const MOST_VIEWERS = 64
/** Handlers end after 30 s; a browser comes again by itself, and is asked again who it is. */
const LONGEST_MS = 25_000

/**
 * What many viewers follow by one query: each two seconds it is read once, however many there are. A viewer is let go after
 * 25 seconds, at the end of the application, and when the connection is gone; more than 64 are refused with `too-many`.
 */
export function openLive<Figures>(app: FastifyInstance, read: () => Promise<Figures>) {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  let latest: { at: number; figures: Promise<Figures> } | undefined
  let viewers = 0

  function look(): Promise<Figures> {
    const at = performance.now()
    if (latest === undefined || at - latest.at >= EVERY_MS - 100) latest = { at, figures: read() }
    return latest.figures
  }

  return {
    look,
    /** Server-sent events: the markup of each look, as JSON. */
    follow(markup: (figures: Figures) => string, gone: AbortSignal): AsyncGenerator<string> {
      if (viewers >= MOST_VIEWERS)
        throw new TitianError('too-many', 'too many follow already', { retryAfterSeconds: 5 })
      viewers += 1
      return events(markup, AbortSignal.any([closing.signal, gone, AbortSignal.timeout(LONGEST_MS)]))
    },
  }

  async function* events(markup: (figures: Figures) => string, end: AbortSignal): AsyncGenerator<string> {
    try {
      yield 'retry: 1000\n\n'
      while (!end.aborted) {
        // A database that is away for a moment is asked again.
        const figures = await look().catch(() => undefined)
        if (figures !== undefined) yield `data: ${JSON.stringify(markup(figures))}\n\n`
        await wait(EVERY_MS, undefined, { signal: end }).catch(() => undefined)
      }
    } finally {
      viewers -= 1
    }
  }
}
