import { expect, it } from 'vitest'
import { forgetDeliveries } from '../../src/forward/retention.sql.ts'
import { newId } from '../../src/io/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'

it('destroys the bytes of deliveries that were acknowledged long ago and keeps their evidence', async () => {
  await using db = await freshDatabase()
  const old = await receiveBatch(db.pool)
  const young = await receiveBatch(db.pool)
  for (const [{ batch, chunk }, days] of [
    [old, 31],
    [young, 29],
  ] as const) {
    await db.pool.query(sql`
      insert into delivery (id, chunk, batch, platform, records, entries, bytes, digest, manifest, payload, state, acknowledged_at)
      values (${newId('dlv')}, ${chunk}, ${batch}, 'sumedang', 1, 10, 5, ${Buffer.alloc(32)}, '{}', ${Buffer.from('bytes')},
        'acknowledged', now() - make_interval(days => ${days}))`)
  }
  expect(await forgetDeliveries(db.pool, 30)).toBe(1)
  const { rows } = await db.pool.query('select chunk, payload, digest from delivery order by acknowledged_at')
  expect(rows).toEqual([
    { chunk: old.chunk, payload: null, digest: Buffer.alloc(32) },
    { chunk: young.chunk, payload: Buffer.from('bytes'), digest: Buffer.alloc(32) },
  ])
})
