import { TitianError } from '../domain/error.ts'

const MOST_WAITING = 4
const RETRY_SECONDS = 10

/** Runs heavy work one at a time in this process. Throws `too-many` where several wait already. */
export function onePass<Asked, Value>(work: (asked: Asked) => Promise<Value>): (asked: Asked) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (asked) => {
    if (waiting >= MOST_WAITING) throw new TitianError('too-many', undefined, { retryAfterSeconds: RETRY_SECONDS })
    waiting += 1
    const mine = last.then(
      () => work(asked),
      () => work(asked),
    )
    last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      waiting -= 1
    }
  }
}
