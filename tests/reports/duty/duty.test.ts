import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { Platform } from '../../../src/domain/platform.ts'
import type { DutyFigures } from '../../../src/io/observe/figures.ts'
import { openMetrics } from '../../../src/io/observe/metrics.ts'
import { selectDuty } from '../../../src/reports/duty/duty.sql.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { receiveBatch } from '../../support/batches.ts'
import { freshDatabase } from '../../support/database.ts'
import { insertBatch, insertChunk, insertDelivery, insertEntry } from '../../support/fixtures/rows.ts'

const platform = (name: string, agreement: Partial<Platform['agreement']> = {}): Platform => ({
  ...{ name, title: name, scope: ['31'], datasets: [], contact: 'x@example' },
  agreement: {
    ...{ number: 'PKS-1', parties: [], purpose: '', legalBasis: [], fields: '*' as const },
    ...{ validFrom: '2020-01-01', validTo: '2999-12-31' },
    ...agreement,
  },
})
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

async function look(
  arrange: (db: pg.Pool) => Promise<unknown>,
  platforms: readonly Platform[] = [],
): Promise<DutyFigures> {
  await using db = await freshDatabase()
  await arrange(db.pool)
  return await selectDuty(db.pool, platforms)
}

describe('the figures for whoever is on duty', () => {
  it('are zero where nothing is, and every number has its metric', async () => {
    await using db = await freshDatabase()
    const { text } = await openMetrics({ db: db.pool, readFigures: selectFigures }).page()
    for (const line of [
      'titian_oldest_chunk_seconds{stage="link"} 0',
      'titian_held_entries 0',
      'titian_stuck_chunks 0',
    ])
      expect(text).toContain(line)
    expect(text).toContain('titian_processes{kind="worker"} 0')
    expect(text).toContain('titian_batch_settle_seconds{quantile="0.95"} 0')
    expect(text).toContain('titian_database_up 1')
  })

  it('say how long pushes took to settle within the last hour', async () => {
    const { settling } = await look(async (db) => {
      const took = (seconds: number, since = 0) => ({ received_at: ago(since + seconds), settled_at: ago(since) })
      for (const row of [took(10), took(20), took(90), took(5000, 7200)])
        await insertBatch(db, { state: 'settled', ...row })
      const { id } = await insertBatch(db, { state: 'settled', ...took(90_000, 5) })
      await db.query(
        "insert into release (batch, at, actor, released) values ($1, now() - interval '35 seconds', 'acc', 1)",
        [id],
      )
    })
    expect(settling.count).toBe(4)
    // The batch that came yesterday settled half a minute after it was released.
    expect([settling.median, settling.longest].map(Math.round)).toEqual([25, 90])
  })

  it('say how old the oldest chunk of each stage is, and how many make no progress', async () => {
    const { oldestChunk, stuckChunks } = await look(async (db) => {
      const { chunks } = await receiveBatch(db, { chunks: 2 })
      await db.query("update batch set received_at = now() - interval '100 seconds'")
      await db.query("update chunk set state = 'clean', attempts = 3 where id = $1", [chunks[1]])
    })
    expect(Math.round(oldestChunk.clean ?? 0)).toBe(100)
    expect(Math.round(oldestChunk.link ?? 0)).toBe(100)
    expect(stuckChunks).toBe(1)
  })

  it('count a released chunk from its release', async () => {
    const { oldestChunk } = await look(async (db) => {
      await receiveBatch(db, { chunks: 2 })
      await db.query("update batch set received_at = now() - interval '14 days'")
      await db.query('update chunk set released = true')
      for (const seconds of [5000, 40])
        await db.query(
          `insert into release (batch, at, actor, released) select id, now() - interval '${seconds} seconds', 'acc', 1 from batch`,
        )
    })
    expect(Object.values(oldestChunk).map(Math.round)).toEqual([40])
  })

  it('count what is held, but not what was corrected', async () => {
    const { held } = await look(async (db) => {
      const { id: batch } = await insertBatch(db, { received_at: ago(500) })
      const chunk = await insertChunk(db, { batch })
      await insertEntry(db, { batch, chunk, line: 1, outcome: 'held' })
      await insertEntry(db, { batch, chunk, line: 2, outcome: 'held', corrected_by: 'bat_later' })
    })
    expect({ ...held, oldest: Math.round(held.oldest) }).toEqual({ entries: 1, oldest: 500 })
  })

  it('say how long deliveries were under way, and whether a receiver is left alone', async () => {
    const { delivering, destinations } = await look(async (db) => {
      const { id: batch } = await insertBatch(db)
      const chunk = await insertChunk(db, { batch })
      const at = { composed_at: ago(40), acknowledged_at: ago(10), payload: Buffer.of(1), state: 'acknowledged' }
      await insertDelivery(db, { batch, chunk, ...at })
      await db.query("insert into destination values ('a', 7, now() + interval '1 minute'), ('b', 1, null)")
    })
    expect([delivering.count, Math.round(delivering.median)]).toEqual([1, 30])
    expect(destinations).toEqual([
      { name: 'a', failures: 7, isOpen: true },
      { name: 'b', failures: 1, isOpen: false },
    ])
  })

  it('say which platform is silent for longer than its agreement allows', async () => {
    const { platforms } = await look(
      async (db) => {
        for (const name of ['utara', 'selatan', 'timur'])
          await insertBatch(db, { platform: name, created_at: ago(3 * 86_400), received_at: ago(3 * 86_400) })
      },
      [
        platform('utara', { cadenceDays: 2 }),
        platform('selatan', { cadenceDays: 4 }),
        platform('timur', { validTo: '2021-12-31' }),
        platform('barat', { cadenceDays: 1 }),
      ],
    )
    expect(platforms.map(({ silent }) => Math.round(silent / 3600))).toEqual([24, 0, 0, 0])
    expect(platforms.map(({ agreementLeft }) => agreementLeft > 0)).toEqual([true, true, false, true])
  })

  it('count uploads of which nothing is heard', async () => {
    const { silentUploads } = await look(async (db) => {
      await insertBatch(db, { state: 'receiving', touched_at: ago(300) })
      await insertBatch(db, { state: 'receiving' })
    })
    expect(silentUploads).toBe(1)
  })
})
