import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../../src/forward/feed.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase } from '../../support/database.ts'
import { served } from '../api.ts'
import { goldenLines, linkChunk } from '../gateway.ts'

/** Three deliveries about the same family, of the day before yesterday, yesterday and today, and the dates of these days. */
async function threeDays(db: Pool) {
  const lines = goldenLines('bat_days', 1)
  const placed = lines.map((line) =>
    line.level === 'keluarga' ? { ...line, record: { ...line.record, kode_provinsi: '31' } } : line,
  )
  for (let version = 1; version <= 3; version++) {
    const { delivery } = await linkChunk(db, 1, () => placed.map((line) => ({ ...line, version })))
    await sequenceDeliveries(db)
    await db.query(
      sql`update delivery set composed_at = now() - make_interval(days => ${3 - version}) where id = ${delivery}`,
    )
  }
  const { rows } = await db.query<{ days: string[] }>(sql`
    select array(select ((now() at time zone 'Asia/Jakarta')::date - n)::text from generate_series(3, -1, -1) n) as days`)
  return rows[0]?.days ?? []
}

describe('a snapshot of a day', () => {
  it('has the last line of each subject that was told until its end, and says where the feed goes on', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [before, first, second] = await threeDays(db.pool)
    const read = async (date: string | undefined, query = '') => {
      const answer = await api.get(`/v1/snapshots/${date}${query}`)
      expect([date, answer.status, answer.headers.get('content-type')]).toEqual([date, 200, 'application/x-ndjson'])
      const lines = (await answer.text())
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { version: number })
      return { versions: lines.map(({ version }) => version), next: answer.headers.get('titian-next') ?? '' }
    }
    expect(await read(before)).toEqual({ versions: [], next: '0' })
    const told = await read(first)
    expect(told.versions).toEqual([1, 1, 1])
    expect((await read(second)).versions).toEqual([2, 2, 2])
    expect((await read(second, '?region=31')).versions).toEqual([2, 2, 2])
    expect((await read(second, '?region=32')).versions).toEqual([])
    const { deliveries } = (await (await api.get(`/v1/deliveries?after=${told.next}`)).json()) as Feed
    expect(deliveries.map(({ position }) => position)).toEqual(['2', '3'])
    const { rows } = await db.pool.query(sql`select count(*)::integer as n from audit where action = 'snapshot.read'`)
    expect(rows).toEqual([{ n: 5 }])
  })

  it('is refused when a delivery of it is past retention, and when it is not over and not today', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [, first, , today, tomorrow] = await threeDays(db.pool)
    await db.pool.query(sql`update delivery set payload = null where position = 1`)
    const gone = await api.get(`/v1/snapshots/${first}`)
    expect([gone.status, ((await gone.json()) as { type: string }).type]).toEqual([410, '/problems/snapshot-gone'])
    expect((await api.get(`/v1/snapshots/${today}`)).status).toBe(200)
    const asked = [tomorrow, '2026-13-01', 'kemarin', `${today}?region=3`, `${today}?after=1`]
    for (const date of asked) expect([date, (await api.get(`/v1/snapshots/${date}`)).status]).toEqual([date, 400])
  })
})
