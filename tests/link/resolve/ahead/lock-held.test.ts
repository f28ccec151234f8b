import type { Pool } from 'pg'
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

/** Settles when a transaction waits for a lock that the database was asked for by name. */
async function someoneWaits(db: Pool): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await db.query(sql`
        select pid from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`)
      return rows.length
    })
    .toBe(1)
}

it('waits for no chunk that waits for it: one with a rejected entry of its dataset, while it is worked anew', async () => {
  await using db = await freshDatabase()
  const rejected = { ...entry(1, 'r'), verdict: 'rejected' as const }
  const slow = await submit(db.pool, [entry(1, 'a', person('a', WAHYU))], { dataset: 'a' })
  const beside = await submit(db.pool, [rejected], { dataset: 'a' })
  const fast = await submit(db.pool, [entry(1, 'b', person('b', WAHYU))], { dataset: 'b' })
  const started: Promise<unknown>[] = []
  let pauses = 0
  const linked = await link(db.pool, slow, {
    pause: async () => {
      pauses += 1
      if (pauses !== 2) return
      started.push(link(db.pool, beside))
      await someoneWaits(db.pool)
      await link(db.pool, fast)
    },
  })
  await Promise.all(started)
  expect(linked.anew).toBe(1)
  const { rows } = await db.pool.query(sql`select outcome from entry order by outcome`)
  expect(rows.map(({ outcome }) => outcome)).toEqual(['new', 'new', 'rejected'])
})

it('mends what was overtaken while its rows were inserted before it takes the lock, which it then takes once', async () => {
  await using db = await freshDatabase()
  const slow = await submit(db.pool, [entry(1, 'a', person('a', WAHYU))], { dataset: 'a' })
  const fast = await submit(db.pool, [entry(1, 'b', person('b', WAHYU))], { dataset: 'b' })
  let pauses = 0
  let insertions = 0
  const { anew } = await link(db.pool, slow, {
    pause: async () => {
      pauses += 1
    },
    whileInserting: async () => {
      insertions += 1
      if (insertions === 1) await link(db.pool, fast)
    },
  })
  // Once when it is planned, and once before the lock.
  expect({ pauses, insertions, anew }).toEqual({ pauses: 2, insertions: 2, anew: 1 })
  const { rows } = await db.pool.query("select count(*)::integer as n from subject where level = 'individu'")
  expect(rows).toEqual([{ n: 1 }])
})
