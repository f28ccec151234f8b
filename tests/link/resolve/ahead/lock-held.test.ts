import { expect, it } from 'vitest'
import { inTransaction } from '../../../../src/io/postgres/postgres.ts'
import { sql } from '../../../../src/io/postgres/sql.ts'
import { freshDatabase } from '../../../support/database.ts'
import { entry, link, person, submit } from '../../support.ts'

// Without a number a person is known by name, birth date and sex.
const WAHYU = { nama: 'WAHYUNINGSIH KARTIKA', tanggal_lahir: '1970-03-12', jenis_kelamin: '2' }

it('holds the lock until its commit although its rows were taken back, and makes one person with who was faster', async () => {
  await using db = await freshDatabase()
  const [slow, fast] = await Promise.all(
    ['a', 'b'].map((key) => submit(db.pool, [entry(1, key, person(key, WAHYU))], { dataset: 'a' })),
  )
  if (slow === undefined || fast === undefined) throw new Error('two chunks are wanted')
  let pauses = 0
  const free: boolean[] = []
  await link(db.pool, slow, {
    // The second time its rows are inserted and it is about to take the lock.
    pause: async () => {
      pauses += 1
      if (pauses === 2) await link(db.pool, fast)
    },
    beforeCommit: () =>
      inTransaction(db.pool, async (tx) => {
        const { rows } = await tx.query<{ isFree: boolean }>(sql`
          select pg_try_advisory_xact_lock(hashtext('titian link')) as "isFree"`)
        free.push(rows[0]?.isFree ?? true)
      }),
  })
  expect(free).toEqual([false])
  const { rows } = await db.pool.query("select count(*)::integer as n from subject where level = 'individu'")
  expect(rows).toEqual([{ n: 1 }])
})
