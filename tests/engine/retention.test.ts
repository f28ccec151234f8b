import { describe, expect, it } from 'vitest'
import { forgetChunks } from '../../src/engine/retention.sql.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { receiveBatch } from '../support/batches.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

/** A chunk of ten entries that settled so many days ago, with so many of them held. */
async function settledChunk({ pool }: TestDatabase, days: number, held: number) {
  const { chunk, batch } = await receiveBatch(pool)
  await pool.query(sql`
    update chunk set raw = ${Buffer.from('raw')}, cleaned = ${Buffer.from('cleaned')}, new = ${10 - held}, held = ${held},
      state = 'settled', settled_at = now() - make_interval(days => ${days})
    where id = ${chunk}`)
  await pool.query(
    sql`update batch set state = 'settled', settled_at = now(), receipted_at = now() where id = ${batch}`,
  )
  return { chunk, batch }
}

describe('retention', () => {
  it('destroys the sealed records of chunks that settled long ago, but not those that wait to be released', async () => {
    await using db = await freshDatabase()
    const old = await settledChunk(db, 31, 0)
    const young = await settledChunk(db, 29, 0)
    const held = await settledChunk(db, 31, 1)
    expect(await forgetChunks(db.pool, 30)).toBe(1)
    const { rows } = await db.pool.query<{ id: string }>('select id from chunk where raw is not null order by id')
    expect(rows.map(({ id }) => id)).toEqual([young.chunk, held.chunk].sort())
    expect([young.chunk, held.chunk]).not.toContain(old.chunk)
  })
})
