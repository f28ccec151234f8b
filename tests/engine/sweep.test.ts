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

const LIMITS = {
  WINDOW: 8,
  LEASE_SECONDS: 30,
  DISPATCH_SECONDS: 30,
  FORWARD: 'push' as const,
  UPLOAD_STALE_MINUTES: 10,
  RETENTION_DAYS: 30,
}

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
    const look = task(deps, 'broken-uploads')
    expect([await look(), await look()]).toEqual([0, 1])
    expect([await readBatchState(db.pool, silent.batch), await readBatchState(db.pool, alive.batch)]).toEqual([
      undefined,
      'receiving',
    ])
  })

  it('leaves an upload alone that spoke between two looks, whatever the clock says', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { batch } = await receiveBatch(db.pool)
    const look = task(deps, 'broken-uploads')
    // As a clock that jumped ahead, or back, leaves it.
    for (const moment of ["now() - interval '1 day'", "now() + interval '1 day'"]) {
      await db.pool.query(`update batch set state = 'receiving', touched_at = ${moment}`)
      expect(await look()).toBe(0)
      await db.pool.query("update batch set touched_at = touched_at + interval '2 seconds'")
      expect([await look(), await readBatchState(db.pool, batch)]).toEqual([0, 'receiving'])
    }
    expect(await look()).toBe(1)
  })

  it('mends leases, dispatches and due times that a jump of the clock left in the future', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunks } = await receiveBatch(db.pool, { chunks: 4 })
    const [leased, dispatched, waiting, retrying] = chunks
    // Ten minutes back: what was set a moment ago lies ten minutes ahead.
    await db.pool.query(
      "update chunk set lease_until = now() + interval '630 s', dispatched_at = now() where id = $1",
      [leased],
    )
    await db.pool.query("update chunk set dispatched_at = now() + interval '600 s' where id = $1", [dispatched])
    await db.pool.query("update chunk set due_at = now() + interval '600 s' where id = $1", [waiting])
    await db.pool.query("update chunk set due_at = now() + interval '30 s' where id = $1", [retrying])
    const look = task(deps, 'clock')
    expect([await look(), await look()]).toEqual([3, 0])
    const { rows } = await db.pool.query(
      `select id, extract(epoch from lease_until - now())::integer as lease,
        extract(epoch from dispatched_at - now())::integer as dispatched, extract(epoch from due_at - now())::integer as due
       from chunk`,
    )
    const of = (id: string | undefined) => rows.find((row) => row.id === id)
    expect(of(leased).lease).toBeGreaterThan(25)
    expect(of(leased).lease).toBeLessThanOrEqual(30)
    expect([of(dispatched).dispatched, of(waiting).due <= 0, of(retrying).due > 25]).toEqual([0, true, true])
  })

  it('leaves deliveries alone that wait to be pulled, and mends those that are pushed', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    await receiveBatch(db.pool)
    await db.pool.query("update chunk set state = 'linked', new = 10, due_at = now() + interval '1 hour'")
    const clock = (FORWARD: 'push' | 'pull') =>
      (sweepTasks(deps.queue, { ...LIMITS, FORWARD }).find(({ name }) => name === 'clock') as SweepTask).run(db.pool)
    expect([await clock('pull'), await clock('push')]).toEqual([0, 1])
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
