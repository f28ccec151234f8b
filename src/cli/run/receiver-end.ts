import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { millisecondsOf } from '../../domain/ids.ts'
import type { ReceiverClient, ReceiverEnd } from '../../forward/receiver.client.ts'
import type { Log } from '../../io/observe/log.ts'
import { findInDatabase } from '../../reports/database-end.sql.ts'

const ASK_MS = 5000
const AGAIN_MS = 5000

type Deps = { db: pg.Pool; log: Log; receiver: Pick<ReceiverClient, 'end' | 'destination'> }

/**
 * Compares the database with what the receiver has: a delivery that is there and not here was lost with the end of the database,
 * even where the data folder was put back together with it. Throws `server-unsafe` then. A receiver that is silent at this moment
 * stops nobody: it is asked again until it answers, and the signal is aborted with the same refusal.
 */
export async function compareWithReceiver(deps: Deps): Promise<AsyncDisposable & { signal: AbortSignal }> {
  const [older, closing] = [new AbortController(), new AbortController()]
  const isAnswered = await compareOnce(deps, closing.signal)
  const going = isAnswered ? Promise.resolve() : compareUntilAnswered(deps, older, closing.signal)
  return {
    signal: older.signal,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await going
    },
  }
}

async function compareUntilAnswered(deps: Deps, older: AbortController, closing: AbortSignal): Promise<void> {
  for (let isAnswered = false; !isAnswered && !closing.aborted; ) {
    await delay(AGAIN_MS, undefined, { signal: closing }).catch(() => undefined)
    if (closing.aborted) return
    try {
      isAnswered = await compareOnce(deps, closing)
    } catch (error) {
      // A database that is away for a moment says nothing of the kind.
      if (!(error instanceof TitianError && error.code === 'server-unsafe')) continue
      deps.log.error({ err: error }, 'the receiver knows more than the database')
      older.abort(error)
      return
    }
  }
}

/** Whether the receiver has answered. */
async function compareOnce({ db, log, receiver }: Deps, closing: AbortSignal): Promise<boolean> {
  const end = await receiver.end(AbortSignal.any([closing, AbortSignal.timeout(ASK_MS)]))
  if (end.is === 'silent')
    log.debug({ destination: receiver.destination, reason: end.reason }, 'the receiver did not say its end')
  if (end.is === 'delivery') await requireKnown(db, end)
  return end.is !== 'silent'
}

async function requireKnown(db: pg.Pool, { delivery }: Extract<ReceiverEnd, { is: 'delivery' }>): Promise<void> {
  const { isKnown, renewedAt } = await findInDatabase(db, delivery)
  // What was composed before the feed began anew was lost then, and titian restore has said so.
  if (isKnown || millisecondsOf(delivery) <= renewedAt.getTime()) return
  throw new TitianError(
    'server-unsafe',
    `the receiver has ${delivery}, which the database does not know: it is an older copy, or of another installation. ` +
      'Put the right one back, or run titian restore, which begins the feed of deliveries anew',
  )
}
