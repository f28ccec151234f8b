import { expect, it } from 'vitest'
import { settleBatch } from '../../src/engine/chunk.sql.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { readBatchState, receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'

it('lets two chunks of a batch be cut at the same time without waiting for each other in a circle', async () => {
  await using db = await freshDatabase()
  const { batch } = await receiveBatch(db.pool)
  const arrived = Promise.withResolvers<void>()
  let waiting = 2
  const cut = (firstLine: number) =>
    inTransaction(db.pool, async (tx) => {
      // The new row points at its batch, which locks the batch's key until the commit.
      await tx.query(sql`
        insert into chunk (id, batch, platform, first_line, entries, state)
        values (${newId('chk')}, ${batch}, 'sumedang', ${firstLine}, 1, 'received')`)
      waiting -= 1
      if (waiting === 0) arrived.resolve()
      await arrived.promise
      return settleBatch(tx, batch)
    })
  expect(await Promise.all([cut(101), cut(102)])).toEqual([false, false])
  expect(await readBatchState(db.pool, batch)).toBe('received')
})
