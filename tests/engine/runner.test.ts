import { describe, expect, it } from 'vitest'
import type { ChunkState } from '../../src/domain/states.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import type { Stage } from '../../src/engine/stage.ts'
import { readBatchState, readChunk, receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps } from '../support/running.ts'

const stageTo = (next: ChunkState): Stage => ({
  name: 'clean',
  from: 'received',
  run: async () => ({ is: 'done', save: async () => next }),
})

describe('the runner', () => {
  it('puts a chunk into the state its stage names and dispatches for the next stage', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    expect(await handleDispatch(stageTo('clean'), { chunk, epoch: 0 }, deps)).toBe('done')
    expect(await readChunk(db.pool, chunk)).toMatchObject({
      state: 'clean',
      epoch: 1,
      attempts: 0,
      dispatched: true,
      leased: false,
    })
    expect((await deps.queue.counts()).link).toMatchObject({ prioritized: 1 })
  })

  it('settles the batch with its last chunk', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { batch, chunk: last, chunks } = await receiveBatch(db.pool, { chunks: 5 })
    await db.pool.query('update chunk set unchanged = 10')
    await Promise.all(chunks.slice(1).map((chunk) => handleDispatch(stageTo('settled'), { chunk, epoch: 0 }, deps)))
    expect(await readBatchState(db.pool, batch)).toBe('received')
    await handleDispatch(stageTo('settled'), { chunk: last, epoch: (await readChunk(db.pool, last)).epoch }, deps)
    expect(await readBatchState(db.pool, batch)).toBe('settled')
  })

  it('answers one of many dispatches for the same epoch', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const dispatches = Array.from({ length: 8 }, () => handleDispatch(stageTo('clean'), { chunk, epoch: 0 }, deps))
    expect((await Promise.all(dispatches)).sort()).toEqual(['done', ...Array(7).fill('stale')])
  })

  it('refuses the commit of a worker whose chunk was taken over', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const zombie: Stage = {
      ...stageTo('clean'),
      run: async ({ id }) => {
        await db.pool.query('update chunk set epoch = epoch + 1 where id = $1', [id])
        return {
          is: 'done',
          save: async (tx) => {
            await tx.query("insert into destination (name) values ('zombie')")
            return 'clean'
          },
        }
      },
    }
    expect(await handleDispatch(zombie, { chunk, epoch: 0 }, deps)).toBe('stale')
    expect(await readChunk(db.pool, chunk)).toMatchObject({ state: 'received', epoch: 2 })
    expect((await db.pool.query('select name from destination')).rowCount).toBe(0)
  })

  it('puts a chunk off without counting the claim when its stage says later', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const later: Stage = { ...stageTo('clean'), run: async () => ({ is: 'later', seconds: 100 }) }
    expect(await handleDispatch(later, { chunk, epoch: 0 }, deps)).toBe('later')
    const row = await readChunk(db.pool, chunk)
    expect(row).toMatchObject({ state: 'received', attempts: 0, dispatched: false, leased: false })
    expect(row.wait).toBeGreaterThan(95)
  })

  it('lets a chunk wait while rows are moved to another index key, and refuses what was worked under the one before', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    let runs = 0
    const stage: Stage = {
      ...stageTo('clean'),
      run: async ({ indexKey }) => {
        runs += 1
        expect(indexKey).toBe(1)
        if (runs === 1) await db.pool.query('update index_key set moving_to = 2')
        return { is: 'done', save: async () => 'clean' }
      },
    }
    expect(await handleDispatch(stage, { chunk, epoch: 0 }, deps)).toBe('stale')
    const given = await readChunk(db.pool, chunk)
    expect(given).toMatchObject({ state: 'received', attempts: 0, leased: false })
    expect(await handleDispatch(stage, { chunk, epoch: given.epoch }, deps)).toBe('later')
    expect(runs).toBe(1)
    const waiting = await readChunk(db.pool, chunk)
    expect(waiting).toMatchObject({ state: 'received', attempts: 0, leased: false })
    await db.pool.query('update index_key set moving_to = null')
    expect(await handleDispatch(stage, { chunk, epoch: waiting.epoch }, deps)).toBe('done')
  })

  it('puts a chunk off and counts the claim when its stage throws', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const failing: Stage = { ...stageTo('clean'), run: () => Promise.reject(new Error('no')) }
    expect(await handleDispatch(failing, { chunk, epoch: 0 }, deps)).toBe('failed')
    expect(await readChunk(db.pool, chunk)).toMatchObject({ attempts: 1, dispatched: false, leased: false })
  })

  it.each(['40001', '40P01', '53100', '57P01', '25006', 'ENOSPC', 'keys-outdated'])(
    'puts a chunk off without counting the claim when its stage meets %s',
    async (code) => {
      await using db = await freshDatabase()
      await using deps = runnerDeps(db)
      const { chunk } = await receiveBatch(db.pool)
      const failing: Stage = {
        ...stageTo('clean'),
        run: () => Promise.reject(Object.assign(new Error('no'), { code })),
      }
      expect(await handleDispatch(failing, { chunk, epoch: 0 }, deps)).toBe('failed')
      const row = await readChunk(db.pool, chunk)
      expect(row).toMatchObject({ attempts: 0, dispatched: false, leased: false })
      expect(row.wait).toBeGreaterThan(0)
    },
  )

  it('takes a claim back that an outage ended, although the sweeper freed the chunk meanwhile', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const failing: Stage = {
      ...stageTo('clean'),
      run: async ({ id }) => {
        await db.pool.query('update chunk set lease_until = null, dispatched_at = null where id = $1', [id])
        throw Object.assign(new Error('no'), { code: '57P01' })
      },
    }
    await handleDispatch(failing, { chunk, epoch: 0 }, deps)
    expect(await readChunk(db.pool, chunk)).toMatchObject({ attempts: 0 })
  })

  it('cuts a chunk that was claimed too often without progress', async () => {
    await using db = await freshDatabase()
    const cut: string[] = []
    await using deps = runnerDeps(db, {
      bisect: async (_tx, { id }) => {
        cut.push(id)
        return true
      },
    })
    const { chunk } = await receiveBatch(db.pool)
    await db.pool.query('update chunk set attempts = 3')
    expect(await handleDispatch(stageTo('clean'), { chunk, epoch: 0 }, deps)).toBe('bisected')
    expect(cut).toEqual([chunk])
  })

  it('keeps its lease for as long as the stage works', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db, { lease: 1 })
    const { chunk } = await receiveBatch(db.pool)
    const slow: Stage = {
      ...stageTo('clean'),
      run: async (_chunk, signal) => {
        await new Promise((resolve) => setTimeout(resolve, 1600))
        const { rows } = await db.pool.query('select lease_until > now() as held from chunk')
        expect([rows[0].held, signal.aborted]).toEqual([true, false])
        return { is: 'done', save: async () => 'clean' }
      },
    }
    expect(await handleDispatch(slow, { chunk, epoch: 0 }, deps)).toBe('done')
  })
})
