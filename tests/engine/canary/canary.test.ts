import { describe, expect, it } from 'vitest'
import { LANES, STAGE, STAGES } from '../../../src/domain/states.ts'
import { answerCanary, canaryTask } from '../../../src/engine/canary/canary.db.ts'
import { markCanaries, passCanary } from '../../../src/engine/canary/canary.sql.ts'
import { runStage } from '../../../src/engine/runner.ts'
import type { Stage } from '../../../src/engine/stage.ts'
import { openQueue } from '../../../src/io/queue.ts'
import { selectCanaries } from '../../../src/reports/duty/canaries.sql.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { CONDITIONS } from '../../../src/watch/alerts/conditions.ts'
import { freshDatabase } from '../../support/database.ts'
import { describeWithRedis } from '../../support/redis.ts'
import { runnerDeps, until } from '../../support/running.ts'
import { redisUnderTest } from '../../support/servers/redis-server.ts'

const HALF = { everySeconds: 15, againSeconds: 30 }

/** A stage that fails whenever it is given a chunk. */
const stageOf = (name: Stage['name'], probe?: Stage['probe']): Stage => ({
  ...STAGE[name],
  run: () => Promise.reject(new Error('a marker is no chunk')),
  ...(probe && { probe }),
})

describe('a marker', () => {
  it('is sent for each stage and lane, again when it was not answered, and anew when the last one is old', async () => {
    await using db = await freshDatabase()
    const first = await markCanaries(db.pool, HALF)
    expect(first.map(({ stage, lane }) => `${stage} ${lane}`).sort()).toEqual(
      STAGES.flatMap((stage) => LANES.map((lane) => `${stage} ${lane}`)).sort(),
    )
    expect(await markCanaries(db.pool, HALF)).toEqual([])
    await db.pool.query("update canary set sent_at = now() - interval '31 seconds' where stage = 'link'")
    const again = await markCanaries(db.pool, HALF)
    expect(again.map(({ stage, isAgain, round }) => [stage, isAgain, round])).toEqual([
      ['link', true, 2],
      ['link', true, 2],
    ])
    expect(await passCanary(db.pool, { stage: 'link', lane: 'short', round: 1 })).toBe(false)
    expect(await passCanary(db.pool, { stage: 'link', lane: 'short', round: 2 })).toBe(true)
    expect(await passCanary(db.pool, { stage: 'link', lane: 'short', round: 2 })).toBe(false)
    expect(await markCanaries(db.pool, HALF)).toEqual([])
    // A clock that was set back leaves moments that lie ahead.
    await db.pool.query("update canary set passed_at = now() + interval '1 hour' where stage = 'link'")
    expect(await markCanaries(db.pool, HALF)).toMatchObject([{ stage: 'link', lane: 'short', round: 3 }])
  })

  it('that no stage answers is old, and whoever is on duty is called by the name of the queue', async () => {
    await using db = await freshDatabase()
    await markCanaries(db.pool, HALF)
    const failing = stageOf('clean', () => Promise.reject(new Error('the thread is gone')))
    await expect(answerCanary(db.pool, failing, { round: 1, lane: 'usual' })).rejects.toThrow('the thread is gone')
    await db.pool.query("update canary set passed_at = now() - interval '4 minutes' where stage = 'clean'")
    expect(await answerCanary(db.pool, stageOf('clean'), { round: 1, lane: 'short' })).toBe(true)
    const figures = await selectFigures(db.pool)
    const old = CONDITIONS.find(({ name }) => name === 'canary-old')?.look?.({ figures, disks: {} })
    expect(old?.map(({ of }) => of)).toEqual(['clean usual'])
    expect(figures.entries).toEqual({ new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0, pending: 0 })
    expect((await db.pool.query('select from batch')).rowCount).toBe(0)
  })
})

function throughQueues(open: () => Promise<{ redis?: { url: string } } & AsyncDisposable>): void {
  it('comes through the queue of each stage and lane, past chunks that wait, and touches no chunk', async () => {
    await using backEnd = await open()
    await using db = await freshDatabase()
    const queue = openQueue({ databaseUrl: db.url, ...(backEnd.redis && { redis: backEnd.redis }) })
    await using deps = runnerDeps(db, { queue })
    await queue.dispatch('clean', [{ chunk: 'chk_waits', epoch: 0, turn: 1 }])
    expect(await canaryTask(queue, { DISPATCH_SECONDS: 30 }).run(db.pool)).toBe(0)
    const sent = await db.pool.query('select from canary where sent_at is not null')
    expect(sent.rowCount).toBe(STAGES.length * LANES.length)
    let probed = 0
    const listeners = STAGES.flatMap((name) =>
      runStage(
        stageOf(name, async () => void probed++),
        deps,
      ),
    )
    await until(async () => (await db.pool.query('select from canary where sent_at is not null')).rowCount === 0)
    expect(probed).toBe(STAGES.length * LANES.length)
    expect((await selectCanaries(db.pool)).every(({ seconds }) => seconds < 20)).toBe(true)
    await Promise.all(listeners.map((listener) => listener.close()))
    await queue.close()
  })
}

describe('a marker on PostgreSQL', () => {
  throughQueues(async () => ({ [Symbol.asyncDispose]: async () => undefined }))
})

describeWithRedis('a marker on Redis', () => {
  throughQueues(async () => {
    const redis = await redisUnderTest()
    return { redis: { url: redis.url }, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() }
  })
})
