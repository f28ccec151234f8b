import { describe, expect, it } from 'vitest'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { figuresReader } from '../../src/watch/figures.db.ts'
import { tryLockFigures } from '../../src/watch/figures.sql.ts'
import { showPresence } from '../../src/watch/presence.db.ts'
import { receiveBatch } from '../support/batches.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/running.ts'

const age = (db: TestDatabase) =>
  db.pool.query("update figures set counted_at = clock_timestamp() - interval '16 seconds'")

describe('the figures', () => {
  it('are counted once for all who ask, and again when they are old', async () => {
    await using db = await freshDatabase()
    const [one, other] = [figuresReader([]), figuresReader([])]
    expect((await one(db.pool)).chunks).toEqual({})
    await receiveBatch(db.pool, { chunks: 3 })
    expect((await other(db.pool)).chunks).toEqual({})
    await age(db)
    expect((await other(db.pool)).chunks).toEqual({ received: 3 })
  })

  it('are those before, with their age, while another process counts', async () => {
    await using db = await freshDatabase()
    const read = figuresReader([])
    await read(db.pool)
    await age(db)
    const seen = await inTransaction(db.pool, async (tx) => {
      await tryLockFigures(tx)
      return read(db.pool)
    })
    expect(seen.age).toBeGreaterThanOrEqual(16)
    expect((await read(db.pool)).age).toBe(0)
  })
})

describe('a process', () => {
  it('is counted while it shows itself, and not when it was silent for a minute or has ended', async () => {
    await using db = await freshDatabase()
    const count = async () => {
      await db.pool.query('delete from figures')
      return (await figuresReader([])(db.pool)).duty.processes.worker
    }
    expect(await count()).toBe(0)
    await using stack = new AsyncDisposableStack()
    stack.use(showPresence(db.pool, 'worker', 'v26'))
    await until(async () => (await count()) === 1)
    await db.pool.query("update process set seen_at = now() - interval '61 seconds'")
    expect(await count()).toBe(0)
    await stack.disposeAsync()
    expect((await db.pool.query('select from process')).rowCount).toBe(0)
  })
})
