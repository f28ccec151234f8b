import { type Dispatch, openQueue } from '../../src/io/queue.ts'
import type { RedisAddress } from '../../src/io/redis.ts'

/** A queue whose listeners of two stages note what they receive. */
export function listening(redis: RedisAddress) {
  const queue = openQueue({ databaseUrl: '', redis })
  const received: Dispatch[] = []
  queue.work('clean', 1, async (dispatch) => void received.push(dispatch))
  queue.work('link', 1, async (dispatch) => void received.push(dispatch))
  return { queue, received, [Symbol.asyncDispose]: () => queue.close() }
}
