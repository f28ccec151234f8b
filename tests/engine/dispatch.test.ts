import { describe, expect, it } from 'vitest'
import { dispatchDue } from '../../src/engine/dispatch.db.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { readChunk, receiveBatch } from '../support/batches.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { runnerDeps } from '../support/running.ts'

async function dispatchedBy(db: TestDatabase): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ platform: string; dispatched: number }>(
    'select platform, count(dispatched_at)::integer as dispatched from chunk group by platform',
  )
  return Object.fromEntries(rows.map(({ platform, dispatched }) => [platform, dispatched]))
}

describe('dispatching', () => {
  it('dispatches at most a window of chunks of each platform, and says so in the queue', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    await receiveBatch(db.pool, { platform: 'carik-jakarta', chunks: 20 })
    await receiveBatch(db.pool, { platform: 'jembrana', chunks: 2 })
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(5)
    expect(await dispatchedBy(db)).toEqual({ 'carik-jakarta': 3, jembrana: 2 })
    expect((await deps.queue.counts()).clean).toMatchObject({ prioritized: 5 })
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(0)
  })

  it('counts the chunks that are under way when many dispatch at once', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    await receiveBatch(db.pool, { platform: 'carik-jakarta', chunks: 40 })
    await Promise.all(Array.from({ length: 8 }, () => dispatchDue(db.pool, deps.queue, { window: 5 })))
    expect(await dispatchedBy(db)).toEqual({ 'carik-jakarta': 5 })
  })

  it('takes later stages first, then the order of receipt and of lines', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const older = await receiveBatch(db.pool, { chunks: 2 })
    const newer = await receiveBatch(db.pool, { chunks: 2 })
    await db.pool.query("update chunk set state = 'clean' where id = $1", [newer.chunks[1]])
    const order: (string | undefined)[] = []
    for (let window = 1; window <= 4; window++) {
      await dispatchDue(db.pool, deps.queue, { window })
      for (const id of [...older.chunks, ...newer.chunks]) {
        if ((await readChunk(db.pool, id)).dispatched && !order.includes(id)) order.push(id)
      }
    }
    expect(order).toEqual([newer.chunks[1], older.chunks[0], older.chunks[1], newer.chunks[0]])
  })

  it('dispatches what is worked here however many deliveries of its platform wait for their receiver, and the other way round', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const sent = await receiveBatch(db.pool, { chunks: 5 })
    await db.pool.query("update chunk set state = 'linked', unchanged = entries")
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(3)
    await receiveBatch(db.pool, { chunks: 5 })
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(3)
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(0)
    await db.pool.query("update chunk set dispatched_at = null, due_at = now() + interval '1 hour' where batch = $1", [
      sent.batch,
    ])
    await db.pool.query('update chunk set due_at = now() where id = $1', [sent.chunks[4]])
    expect(await dispatchDue(db.pool, deps.queue, { window: 3 })).toBe(1)
    const counts = await deps.queue.counts()
    expect([counts.forward.prioritized, counts.clean.prioritized]).toEqual([4, 3])
  })

  it('dispatches for one platform alone when asked to', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    await receiveBatch(db.pool, { platform: 'carik-jakarta', chunks: 2 })
    await receiveBatch(db.pool, { platform: 'jembrana', chunks: 2 })
    await dispatchDue(db.pool, deps.queue, { window: 9, platform: 'jembrana' })
    expect(await dispatchedBy(db)).toEqual({ 'carik-jakarta': 0, jembrana: 2 })
  })

  it('passes over chunks that a long transaction holds, and dispatches the others', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { chunks } = await receiveBatch(db.pool, { platform: 'carik-jakarta', chunks: 6 })
    await receiveBatch(db.pool, { platform: 'jembrana', chunks: 2 })
    const dispatch = () => dispatchDue(db.pool, deps.queue, { window: 3 })
    await inTransaction(db.pool, async (tx) => {
      await tx.query('select from chunk where id = any($1) for update', [chunks.slice(0, 4)])
      expect(await dispatch()).toBe(4)
      expect(await dispatchedBy(db)).toEqual({ 'carik-jakarta': 2, jembrana: 2 })
    })
    expect(await dispatch()).toBe(1)
    expect((await readChunk(db.pool, chunks[0] ?? 'chk_')).dispatched).toBe(true)
  })

  it('takes the mark back when the queue cannot be dispatched', async () => {
    await using db = await freshDatabase()
    await receiveBatch(db.pool, { chunks: 2 })
    const away = { dispatch: () => Promise.reject(new Error('away')) }
    await expect(dispatchDue(db.pool, away, { window: 9 })).rejects.toThrow('away')
    expect(await dispatchedBy(db)).toEqual({ sumedang: 0 })
  })
})
