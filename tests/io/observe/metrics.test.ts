import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openMetrics } from '../../../src/io/observe/metrics.ts'
import { planEvents } from '../../../src/notify/event.sql.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { noteBatch } from '../../notify/gateway.ts'
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

  it('show which webhooks fare badly, and what waits for them', async () => {
    await using db = await freshDatabase()
    const add = (id: string, rest: string) =>
      db.pool.query(
        `insert into webhook (id, platform, name, url, events, secret, failures, disabled_at, disabled_reason)
        values ('${id}', 'utara', '${id}', 'x', '{batch.settled}', '', ${rest})`,
      )
    await add('whk_a', '0, null, null')
    await add('whk_b', '3, null, null')
    await add('whk_c', "9, now(), 'failing'")
    await noteBatch(db.pool, 'bat_1')
    await db.pool.query("update event set occurred_at = now() - interval '1 minute'")
    const before = await readPage(db.pool)
    expect(before('titian_oldest_unplanned_event_seconds')).toBeGreaterThanOrEqual(60)
    await planEvents(db.pool)
    const value = await readPage(db.pool)
    expect({
      enabled: value('titian_webhooks{state="enabled"}'),
      failing: value('titian_webhooks{state="failing"}'),
      disabled: value('titian_webhooks{state="disabled"}'),
      due: value('titian_webhook_messages_due'),
      unplanned: value('titian_oldest_unplanned_event_seconds'),
    }).toEqual({ enabled: 2, failing: 1, disabled: 1, due: 2, unplanned: 0 })
  })

  it('show a gap when a chunk is gone', async () => {
    await using db = await freshDatabase()
    const { chunk } = await receiveBatch(db.pool, { chunks: 3 })
    await db.pool.query('delete from chunk where id = $1', [chunk])
    expect((await readPage(db.pool))('titian_conservation_gap')).toBe(10)
  })
})
