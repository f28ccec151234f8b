import { expect, it } from 'vitest'
import { sql } from '../../src/io/postgres/sql.ts'
import { applyDelivery } from '../../src/receiver/delivery.sql.ts'
import type { Effect } from '../../src/receiver/records.ts'
import { prepareSchema } from '../../src/receiver/schema.sql.ts'
import { emptyDatabase } from '../support/database.ts'

const HELD = 50_000
const SENT = 2_000

// A delivery's few thousand subjects were found by reading all that the stand-in holds: its cost grew with the nation.
it('takes a delivery without reading through the subjects that it does not name', async () => {
  await using db = await emptyDatabase()
  await prepareSchema(db.pool)
  await db.pool.query(sql`
    insert into subject (id, level, version, hash, delivery)
    select 'per_' || lpad(n::text, 26, '0'), 'individu', 1, '', 'dlv_0' from generate_series(1, ${HELD}::integer) as n`)
  await db.pool.query('analyze subject')
  const effects = Array.from({ length: SENT }, (_, n): Effect => {
    const subject = `per_${String(n + HELD).padStart(26, '0')}`
    const line = { level: 'individu' as const, kind: 'golden' as const, version: 1, hash: '' }
    return { subject, ...line, entries: [], merged: [], into: null, family: null, isPlaced: true }
  })
  const before = await rowsReadThrough(db.pool)
  const receipt = { delivery: 'dlv_1', digest: '', records: SENT, refused: [] }
  expect(await applyDelivery(db.pool, { digest: Buffer.alloc(32), manifest: {}, receipt, effects })).toBe(true)
  expect(await rowsReadThrough(db.pool)).toBe(before)
})

async function rowsReadThrough(pool: { query(text: string): Promise<{ rows: { n: string }[] }> }): Promise<string> {
  // Statistics are told at most once a second by themselves, each connection its own.
  await pool.query('select pg_stat_force_next_flush()')
  const { rows } = await pool.query(`select seq_tup_read as n from pg_stat_user_tables where relname = 'subject'`)
  return rows[0]?.n ?? ''
}
