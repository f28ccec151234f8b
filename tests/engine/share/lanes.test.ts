import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChunkId } from '../../../src/domain/ids.ts'
import { LANES } from '../../../src/domain/states.ts'
import { isDispatchUnclaimed } from '../../../src/engine/chunk.sql.ts'
import { dispatchDue } from '../../../src/engine/dispatch.db.ts'
import { markDue } from '../../../src/engine/dispatch.sql.ts'
import { runStage } from '../../../src/engine/runner.ts'
import { laneOf, SHORT_ENTRIES } from '../../../src/engine/share/fair-share.ts'
import type { Stage } from '../../../src/engine/stage.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { readBatchState, receiveBatch } from '../../support/batches.ts'
import { freshDatabase } from '../../support/database.ts'
import { runnerDeps, until } from '../../support/running.ts'

const NAMES = ['a', 'b', 'c', 'd'] as const

describe('the short lane', () => {
  it.each([
    [1, true, 'short'],
    [SHORT_ENTRIES, true, 'short'],
    [SHORT_ENTRIES + 1, true, 'usual'],
    [1, false, 'usual'],
  ] as const)('takes a chunk of %i entries that is alone (%s) or not: %s', (entries, isAlone, lane) => {
    expect(laneOf({ entries, isAlone })).toBe(lane)
  })

  it('never has two chunks of a platform, and none of whoever has a backlog', async () => {
    await using db = await freshDatabase()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 99 }), { minLength: 30, maxLength: 30 }),
        async (sizes, window, picks) => {
          await db.pool.query(sql`delete from batch`)
          for (const [at, platform] of NAMES.entries())
            if ((sizes[at] ?? 0) > 0) await receiveBatch(db.pool, { platform, chunks: sizes[at] ?? 0 })
          const left = new Map(NAMES.map((name, at) => [name as string, sizes[at] ?? 0]))
          const underWay: { chunk: ChunkId; platform: string }[] = []
          let worked = 0
          for (let round = 0; worked < sizes.reduce((sum, size) => sum + size, 0); round++) {
            const marked = await inTransaction(db.pool, (tx) => markDue(tx, { window }, null))
            for (const one of marked) expect(one.isAlone).toBe(left.get(one.platform) === 1)
            underWay.push(...marked)
            // Whatever is finished first: nothing is lost, and nothing stays behind.
            const [done] = underWay.splice((picks[round] ?? 0) % underWay.length, 1)
            if (done === undefined) throw new Error('chunks are left, and none is under way')
            await db.pool.query(sql`
              update chunk set state = 'settled', dispatched_at = null, settled_at = now(), unchanged = entries
              where id = ${done.chunk}`)
            left.set(done.platform, (left.get(done.platform) ?? 0) - 1)
            worked += 1
          }
          expect([...left.values()]).toEqual([0, 0, 0, 0])
        },
      ),
      { numRuns: 10 },
    )
  }, 300_000)

  it('is not lost to a platform whose deliveries wait for their receiver', async () => {
    await using db = await freshDatabase()
    await receiveBatch(db.pool, { chunks: 2 })
    await db.pool.query("update chunk set state = 'linked', unchanged = entries")
    const { chunk } = await receiveBatch(db.pool)
    const marked = await inTransaction(db.pool, (tx) => markDue(tx, { window: 9 }, null))
    expect(marked.map((one) => [one.chunk === chunk, one.isAlone])).toEqual(
      expect.arrayContaining([
        [true, true],
        [false, false],
      ]),
    )
    const waitLong = () => db.pool.query("update chunk set dispatched_at = now() - interval '9 seconds'")
    await waitLong()
    const unclaimed = (state: 'received' | 'linked') => isDispatchUnclaimed(db.pool, state, 1, SHORT_ENTRIES)
    expect([await unclaimed('received'), await unclaimed('linked')]).toEqual([true, false])
  })

  it('is worked while every worker of the stage has a long chunk of a flood, and both settle', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db, { window: 3 })
    const flood = await receiveBatch(db.pool, { platform: 'banjir', chunks: 6 })
    await db.pool.query('update chunk set unchanged = entries')
    const release = Promise.withResolvers<void>()
    let inHand = 0
    const stage: Stage = {
      name: 'clean',
      from: 'received',
      run: async ({ platform }) => {
        inHand += 1
        if (platform === 'banjir') await release.promise
        return { is: 'done', save: async () => 'settled' }
      },
    }
    const listeners = runStage(stage, deps)
    expect(listeners).toHaveLength(LANES.length)
    await dispatchDue(db.pool, deps.queue, { window: 3 })
    await until(() => inHand === 1)
    const small = await receiveBatch(db.pool, { platform: 'kecil' })
    await db.pool.query('update chunk set unchanged = entries where batch = $1', [small.batch])
    await dispatchDue(db.pool, deps.queue, { window: 3, platform: 'kecil' })
    await until(async () => (await readBatchState(db.pool, small.batch)) === 'settled')
    expect([inHand, await readBatchState(db.pool, flood.batch)]).toEqual([2, 'received'])
    release.resolve()
    await until(async () => (await readBatchState(db.pool, flood.batch)) === 'settled')
    expect(inHand).toBe(7)
    await Promise.all(listeners.map((listener) => listener.close()))
  })

  it('is all that a process takes which was started for it', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const taken: string[] = []
    const stage: Stage = {
      name: 'clean',
      from: 'received',
      run: async ({ platform }) => {
        taken.push(platform)
        return { is: 'done', save: async () => 'settled' }
      },
    }
    const [short, ...others] = runStage(stage, { ...deps, config: { ...deps.config, LANES: 'short' } })
    expect(others).toEqual([])
    const flood = await receiveBatch(db.pool, { platform: 'banjir', chunks: 3 })
    const small = await receiveBatch(db.pool, { platform: 'kecil' })
    await db.pool.query('update chunk set unchanged = entries')
    await dispatchDue(db.pool, deps.queue, { window: 3 })
    await until(async () => (await readBatchState(db.pool, small.batch)) === 'settled')
    expect([taken, await readBatchState(db.pool, flood.batch)]).toEqual([['kecil'], 'received'])
    await short?.close()
  })

  it('is missed only for chunks of its own: a backlog that waits says nothing about its listener', async () => {
    await using db = await freshDatabase()
    await receiveBatch(db.pool, { platform: 'banjir', chunks: 3 })
    const waitLong = () => db.pool.query("update chunk set dispatched_at = now() - interval '9 seconds'")
    await waitLong()
    const unclaimed = (most: number | null) => isDispatchUnclaimed(db.pool, 'received', 1, most)
    expect([await unclaimed(null), await unclaimed(SHORT_ENTRIES)]).toEqual([true, false])
    await receiveBatch(db.pool, { platform: 'kecil' })
    await waitLong()
    expect([await unclaimed(SHORT_ENTRIES), await unclaimed(9)]).toEqual([true, false])
  })
})
