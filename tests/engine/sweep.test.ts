import { describe, expect, it } from 'vitest'
import type { ChunkState } from '../../src/domain/states.ts'
import { dispatchDue } from '../../src/engine/dispatch.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import type { Stage } from '../../src/engine/stage.ts'
import { type SweepTask, startSweeper } from '../../src/engine/sweep.ts'
import { sweepTasks } from '../../src/engine/sweep-tasks.ts'
import { readBatchState, readChunk, receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps, until } from '../support/running.ts'

const LIMITS = { WINDOW: 8, DISPATCH_SECONDS: 30, UPLOAD_STALE_MINUTES: 10, RETENTION_DAYS: 30 }

function task(deps: ReturnType<typeof runnerDeps>, name: string): () => Promise<number> {
  const { run } = sweepTasks(deps.queue, LIMITS).find((one) => one.name === name) as SweepTask
  return () => run(deps.db)
}

describe('the sweeper', () => {
  it('frees a chunk whose lease ran out, and the zombie can no longer commit', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    const stopped: Stage = {
      name: 'clean',
      from: 'received',
      run: async () => {
        await db.pool.query("update chunk set lease_until = now() - interval '1 second'")
        expect(await task(deps, 'leases')()).toBe(1)
        return { is: 'done', save: async (): Promise<ChunkState> => 'clean' }
      },
    }
    expect(await handleDispatch(stopped, { chunk, epoch: 0 }, deps)).toBe('stale')
    expect(await readChunk(db.pool, chunk)).toMatchObject({ state: 'received', epoch: 1, attempts: 1 })
  })

  it('dispatches again under a new epoch what was dispatched and never claimed', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunk } = await receiveBatch(db.pool)
    await dispatchDue(db.pool, deps.queue, { window: 8 })
    expect(await task(deps, 'lost-dispatches')()).toBe(0)
    await db.pool.query("update chunk set dispatched_at = now() - interval '31 seconds'")
    expect([await task(deps, 'lost-dispatches')(), await task(deps, 'dispatch')()]).toEqual([1, 1])
    expect(await readChunk(db.pool, chunk)).toMatchObject({ epoch: 1, dispatched: true })
    expect((await deps.queue.counts()).clean).toMatchObject({ prioritized: 2 })
  })

  it('settles a batch that was missed', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { batch } = await receiveBatch(db.pool)
    expect(await task(deps, 'settle')()).toBe(0)
    await db.pool.query("update chunk set state = 'settled', held = 10")
    await task(deps, 'settle')()
    expect(await readBatchState(db.pool, batch)).toBe('settled')
  })

  it('discards an upload that has been silent for too long, and no other', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const silent = await receiveBatch(db.pool)
    const alive = await receiveBatch(db.pool)
    await db.pool.query("update batch set state = 'receiving'")
    await db.pool.query("update batch set touched_at = now() - interval '11 minutes' where id = $1", [silent.batch])
    expect(await task(deps, 'broken-uploads')()).toBe(1)
    expect([await readBatchState(db.pool, silent.batch), await readBatchState(db.pool, alive.batch)]).toEqual([
      undefined,
      'receiving',
    ])
  })

  it('lets one process at a time do the work, and goes on after a task that fails', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    let inside = 0
    let passes = 0
    const slow: SweepTask = {
      name: 'slow',
      everyMs: 0,
      async run() {
        inside += 1
        expect(inside).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 50))
        inside -= 1
        passes += 1
        return 0
      },
    }
    const failing: SweepTask = { name: 'failing', everyMs: 0, run: () => Promise.reject(new Error('no')) }
    const sweepers = Array.from({ length: 4 }, () => startSweeper(deps, [failing, slow]))
    await until(() => passes >= 2)
    await Promise.all(sweepers.map((sweeper) => sweeper.close()))
  })
})
