import { expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { measuredLock } from '../../../src/link/subjects/measured-lock.db.ts'
import { freshDatabase } from '../../support/database.ts'
import { until } from '../../support/running.ts'

it('measures how long the lock over the subjects was held, and how long the next one waited for it', async () => {
  await using db = await freshDatabase()
  const held: number[] = []
  const waited: number[] = []
  const lock = measuredLock(db.pool, {
    held: (seconds) => held.push(seconds),
    waited: (seconds) => waited.push(seconds),
  })
  const { promise: going, resolve: end } = Promise.withResolvers<void>()
  const first = inTransaction(db.pool, async (tx) => {
    await lock(tx)
    await lock(tx)
    await going
  })
  await until(() => waited.length === 2)
  const second = inTransaction(db.pool, lock)
  const { rows } = await db.pool.query("select pg_sleep(0.1), 'waited' as is")
  expect(rows[0].is).toBe('waited')
  end()
  await Promise.all([first, second])
  expect(held).toHaveLength(2)
  expect(held[0]).toBeGreaterThan(0.1)
  expect(waited[2]).toBeGreaterThan(0.05)
})
