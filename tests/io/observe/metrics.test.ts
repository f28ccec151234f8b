import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openMetrics } from '../../../src/io/observe/metrics.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { receiveBatch } from '../../support/batches.ts'
import { freshDatabase } from '../../support/database.ts'

async function readPage(db: pg.Pool): Promise<(name: string) => number | undefined> {
  const { text } = await openMetrics({ db, readFigures: selectFigures }).page()
  const values = new Map(text.split('\n').map((line) => line.split(' ') as [string, string]))
  return (name) => (values.has(name) ? Number(values.get(name)) : undefined)
}

describe('metrics', () => {
  it('count entries by outcome and chunks by state, and the gap is 0', async () => {
    await using db = await freshDatabase()
    const { chunk } = await receiveBatch(db.pool, { chunks: 3 })
    await db.pool.query("update chunk set state = 'settled', new = 7, held = 3 where id = $1", [chunk])
    const value = await readPage(db.pool)
    expect({
      pending: value('titian_entries{outcome="pending"}'),
      new: value('titian_entries{outcome="new"}'),
      held: value('titian_entries{outcome="held"}'),
      received: value('titian_chunks{state="received"}'),
      settled: value('titian_chunks{state="settled"}'),
      due: value('titian_due_not_dispatched'),
      gap: value('titian_conservation_gap'),
    }).toEqual({ pending: 20, new: 7, held: 3, received: 2, settled: 1, due: 2, gap: 0 })
  })

  it('show a gap when a chunk is gone', async () => {
    await using db = await freshDatabase()
    const { chunk } = await receiveBatch(db.pool, { chunks: 3 })
    await db.pool.query('delete from chunk where id = $1', [chunk])
    expect((await readPage(db.pool))('titian_conservation_gap')).toBe(10)
  })
})
