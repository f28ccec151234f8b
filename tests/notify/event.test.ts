import { describe, expect, it } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { settleBatch } from '../../src/engine/chunk.sql.ts'
import { noteAnswer } from '../../src/forward/delivery.sql.ts'
import { settleDelivery } from '../../src/forward/settle.sql.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction, withClient } from '../../src/io/postgres/postgres.ts'
import { forgetEvents, noteEvent, planEvents } from '../../src/notify/event.sql.ts'
import { webhookTasks } from '../../src/notify/sweep-tasks.db.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { insertBatch, insertChunk, insertDelivery } from '../support/fixtures/rows.ts'

type Event = { type: string; platform: string; data: Record<string, unknown> }

/** Where results wait for their platforms, and what notes them. */
const RESULTS = `
  create table if not exists result_notice (
    platform text, subject text, position bigint unique, primary key (platform, subject));
  create or replace trigger event_of_new_results after insert on result_notice
    referencing new table as told for each statement execute function note_results();
  create or replace trigger event_of_results after update on result_notice
    referencing new table as told for each statement execute function note_results();`

async function eventsOf({ pool }: TestDatabase): Promise<Event[]> {
  const { rows } = await pool.query<Event>('select type, platform, data from event order by occurred_at')
  return rows
}

describe('an event', () => {
  it('is there when a batch is settled, with its counts, once each time', async () => {
    await using db = await freshDatabase()
    const { id: batch } = await insertBatch(db.pool, { received: 20 })
    await insertChunk(db.pool, { batch, state: 'settled', new: 7, held: 3 })
    await insertChunk(db.pool, { batch, first_line: 11, state: 'settled', updated: 9, rejected: 1 })
    const settle = () => inTransaction(db.pool, (tx) => settleBatch(tx, batch))
    await Promise.all([settle(), settle()])
    const data = { batch, dataset: 'carik', received: 20, new: 7, updated: 9, unchanged: 0, rejected: 1, held: 3 }
    expect(await eventsOf(db)).toEqual([{ type: 'batch.settled', platform: 'carik-jakarta', data }])
    // A release makes it received again, and then it settles once more.
    await db.pool.query("update batch set state = 'received' where id = $1", [batch])
    await settle()
    expect(await eventsOf(db)).toHaveLength(2)
  })

  it('is not there when the transaction that settles the batch is rolled back', async () => {
    await using db = await freshDatabase()
    const { id: batch } = await insertBatch(db.pool)
    const broken = inTransaction(db.pool, async (tx) => {
      await settleBatch(tx, batch)
      throw new Error('power cut')
    })
    await expect(broken).rejects.toThrow('power cut')
    expect(await eventsOf(db)).toEqual([])
  })

  it('is nobody’s when Titian settles a batch of its own', async () => {
    await using db = await freshDatabase()
    const { id: batch } = await insertBatch(db.pool, { kind: 'relink', platform: 'titian' })
    await inTransaction(db.pool, (tx) => settleBatch(tx, batch))
    expect(await eventsOf(db)).toEqual([])
  })

  it('is there when a delivery is refused, once however often it is, and once when records of it are', async () => {
    await using db = await freshDatabase()
    const { id: batch } = await insertBatch(db.pool)
    const chunk = await insertChunk(db.pool, { batch, state: 'linked', new: 10 })
    const delivery = await insertDelivery(db.pool, { batch, chunk, records: 5 })
    for (const answer of ['busy', 'refused: status-422', 'refused: status-400', 'failed: ECONNREFUSED'])
      await noteAnswer(db.pool, delivery, answer)
    const refused = [{ subject: newId('per'), code: 'unknown' }]
    const receipt = { delivery, digest: '', records: 4, refused }
    await inTransaction(db.pool, (tx) =>
      settleDelivery(tx, { id: delivery, chunk }, { by: 'push', receipt, findings: [] }),
    )
    const of = { delivery, batch, records: 5 }
    expect((await eventsOf(db)).map(({ type, data }) => [type, data])).toEqual([
      ['delivery.refused', { ...of, of: 'delivery', refused: 5 }],
      ['delivery.refused', { ...of, of: 'records', refused: 1 }],
    ])
  })

  it('is not there when a delivery is taken', async () => {
    await using db = await freshDatabase()
    const { id: batch } = await insertBatch(db.pool)
    const chunk = await insertChunk(db.pool, { batch, state: 'linked', new: 10 })
    const delivery = await insertDelivery(db.pool, { batch, chunk })
    await noteAnswer(db.pool, delivery, 'failed: ECONNRESET')
    const receipt = { delivery, digest: '', records: 1, refused: [] }
    await inTransaction(db.pool, (tx) =>
      settleDelivery(tx, { id: delivery, chunk }, { by: 'push', receipt, findings: [] }),
    )
    expect(await eventsOf(db)).toEqual([])
  })

  it('of a name is noted once, by however many', async () => {
    await using db = await freshDatabase()
    const data = { agreement: 'PKS-1', valid_to: '2026-12-31', days_left: 7 }
    const event = { platform: 'utara', type: 'agreement.ending', name: 'PKS-1 7', data } as const
    const noted = await Promise.all(Array.from({ length: 8 }, () => noteEvent(db.pool, event)))
    expect(noted.filter(Boolean)).toHaveLength(1)
  })

  it('of results grows until it is told, and then there is another', async () => {
    await using db = await freshDatabase()
    await withClient(db.ownerUrl, (owner) => owner.query(RESULTS))
    const tell = (platform: string, ...subjects: string[]) =>
      db.pool.query(
        `insert into result_notice (platform, subject) select $1, unnest($2::text[])
        on conflict (platform, subject) do update set position = null`,
        [platform, subjects],
      )
    await Promise.all([tell('utara', 'per_1'), tell('selatan', 'per_1'), tell('utara', 'per_1', 'per_2')])
    // Their places in the feed are no news.
    await db.pool.query('update result_notice set position = right(subject, 1)::integer + length(platform) * 10')
    expect(await planEvents(db.pool)).toBe(0)
    await db.pool.query("update event set occurred_at = now() - interval '6 seconds'")
    expect(await planEvents(db.pool)).toBe(2)
    await tell('utara', 'per_2', 'per_3')
    const of = async (platform: string) =>
      (await eventsOf(db)).filter((event) => event.platform === platform).map(({ data }) => data.results)
    expect([await of('utara'), await of('selatan')]).toEqual([[3, 2], [1]])
  })

  it('tells of an agreement’s end at each mark once, whenever the sweeper looks', async () => {
    await using db = await freshDatabase()
    const agreement = {
      number: 'PKS-1',
      parties: [],
      purpose: '',
      legalBasis: [],
      validFrom: '2020-01-01',
      validTo: '2026-12-31',
      fields: '*' as const,
    }
    const platform: Platform = { name: 'utara', title: '', scope: [], datasets: [], contact: '', agreement }
    let now = ''
    const [task] = webhookTasks(new Map([['utara', platform]]), () => new Date(now))
    for (now of [
      '2026-11-01T00:00:00Z',
      '2026-12-01T05:00:00Z',
      '2026-12-02T05:00:00Z',
      '2026-12-26T05:00:00Z',
      '2026-12-30T05:00:00Z',
      '2026-12-31T05:00:00Z',
      '2027-01-01T05:00:00Z',
    ])
      for (let look = 0; look < 2; look++) await task?.run(db.pool)
    expect((await eventsOf(db)).map(({ data }) => data)).toEqual(
      [60, 30, 5, 1, 0].map((days_left) => ({ agreement: 'PKS-1', valid_to: '2026-12-31', days_left })),
    )
  })

  it('is forgotten with its messages after 40 days', async () => {
    await using db = await freshDatabase()
    const secret = Buffer.from('sealed')
    await db.pool.query(
      "insert into webhook (id, platform, name, url, events, secret) values ('whk_1', 'utara', 'a', 'x', '{batch.settled}', $1)",
      [secret],
    )
    for (const days of [39, 41])
      await db.pool.query(
        "insert into event (platform, type, data, occurred_at) values ('utara', 'batch.settled', '{}', now() - make_interval(days => $1))",
        [days],
      )
    expect(await planEvents(db.pool)).toBe(2)
    expect(await forgetEvents(db.pool)).toBe(1)
    const { rows } = await db.pool.query('select count(*)::integer as messages from webhook_message')
    expect(rows).toEqual([{ messages: 1 }])
  })
})
