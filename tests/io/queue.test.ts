import { describe, expect, it } from 'vitest'
import { newId } from '../../src/io/ids.ts'
import { type Dispatch, openQueue, type QueueAddress } from '../../src/io/queue.ts'
import { freshDatabase } from '../support/database.ts'
import { describeWithRedis } from '../support/redis.ts'
import { until } from '../support/running.ts'
import { redisUnderTest } from '../support/servers/redis-server.ts'

type BackEnd = AsyncDisposable & { address: QueueAddress; stop?: () => Promise<void> }

async function onPostgres(): Promise<BackEnd> {
  const db = await freshDatabase()
  return { address: { databaseUrl: db.url }, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() }
}

async function onRedis(): Promise<BackEnd> {
  const redis = await redisUnderTest()
  return { ...redis, address: { databaseUrl: '', redis: { url: redis.url } } }
}

function queueSuite(open: () => Promise<BackEnd>): void {
  it('brings every dispatch to the listener of its stage, with ids and epoch and nothing else', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const dispatches = Array.from({ length: 5 }, (_, epoch) => ({ chunk: newId('chk'), epoch }))
    const received: Dispatch[] = []
    queue.work('clean', 2, async (dispatch) => void received.push(dispatch))
    queue.work('link', 1, () => Promise.reject(new Error('not mine')))
    await queue.dispatch('clean', dispatches)
    await until(() => received.length === 5)
    expect(received.sort((a, b) => a.epoch - b.epoch)).toEqual(dispatches)
    await queue.close()
  })

  it('keeps nothing of a job that was answered, so that the same dispatch is received again', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const dispatch = { chunk: newId('chk'), epoch: 1 }
    let received = 0
    queue.work('clean', 1, async () => {
      received += 1
    })
    await queue.dispatch('clean', [dispatch])
    await until(async () => received === 1 && Object.values((await queue.counts()).clean).every((count) => count === 0))
    await queue.dispatch('clean', [dispatch])
    await until(() => received === 2)
    await queue.close()
  })

  it('receives the same dispatch once while it waits', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const dispatch = { chunk: newId('chk'), epoch: 1 }
    await queue.dispatch('link', [dispatch])
    await queue.dispatch('link', [dispatch])
    expect((await queue.counts()).link.prioritized).toBe(1)
    await queue.close()
  })

  it('lets the first turn of a small platform pass the later turns of a big one', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const big = Array.from({ length: 4 }, (_, at) => ({ chunk: newId('chk'), epoch: 0, turn: at + 1 }))
    const small = { chunk: newId('chk'), epoch: 9, turn: 1 }
    await queue.dispatch('clean', big)
    await queue.dispatch('clean', [small])
    const received: string[] = []
    queue.work('clean', 1, async ({ chunk }) => void received.push(chunk))
    await until(() => received.length === 5)
    expect(received.indexOf(small.chunk)).toBe(1)
    await queue.close()
  })

  it('answers the short lane while the usual one is busy, and counts both', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const long = Array.from({ length: 3 }, () => ({ chunk: newId('chk'), epoch: 0 }))
    const short = { chunk: newId('chk'), epoch: 0, lane: 'short' as const }
    await queue.dispatch('clean', [...long, short])
    expect((await queue.counts()).clean.prioritized).toBe(4)
    const release = Promise.withResolvers<void>()
    const received: string[] = []
    const usual = queue.work('clean', 1, () => release.promise)
    await until(() => usual.busy() === 1)
    queue.work('clean', 1, async ({ chunk }) => void received.push(chunk), 'short')
    await until(() => received.length === 1)
    expect([received, usual.received()]).toEqual([[short.chunk], 1])
    release.resolve()
    await until(() => usual.received() === 3)
    await queue.close()
  })

  it('answers so many dispatches at a time and says so', async () => {
    await using backEnd = await open()
    const queue = openQueue(backEnd.address)
    const release = Promise.withResolvers<void>()
    const listener = queue.work('forward', 3, () => release.promise)
    await queue.dispatch(
      'forward',
      Array.from({ length: 5 }, () => ({ chunk: newId('chk'), epoch: 0 })),
    )
    await until(() => listener.busy() === 3)
    release.resolve()
    await until(() => listener.busy() === 0)
    await queue.close()
  })
}

describe('queues on PostgreSQL', () => {
  queueSuite(onPostgres)
})

describeWithRedis('queues on Redis', () => {
  queueSuite(onRedis)

  it('refuse a dispatch within seconds while Redis is away', async () => {
    await using backEnd = await onRedis()
    const queue = openQueue(backEnd.address)
    await queue.dispatch('clean', [{ chunk: newId('chk'), epoch: 0 }])
    await backEnd.stop?.()
    const started = performance.now()
    await expect(queue.dispatch('clean', [{ chunk: newId('chk'), epoch: 0 }])).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(30_000)
    await queue.close()
  })
})
