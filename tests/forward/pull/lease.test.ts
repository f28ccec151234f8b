import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../../src/forward/feed.ts'
import { eligible } from '../../../src/forward/pull/eligible.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { hashesIn, touchedBy } from '../../../src/forward/touched.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase } from '../../support/database.ts'
import { until } from '../../support/running.ts'
import { sequenced, served } from '../api.ts'
import { goldenLines, linkChunk } from '../gateway.ts'

type Leased = { lease: string | null; deliveries: (Feed['deliveries'][number] & { lease_until: string })[] }

async function lease(api: Awaited<ReturnType<typeof served>>, body: object = {}): Promise<Leased> {
  const answer = await api.post('/v1/deliveries/lease', body)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Leased
}

const idsOf = ({ deliveries }: Leased) => deliveries.map(({ manifest }) => manifest.delivery)
const problemOf = async (answer: Response) => [answer.status, ((await answer.json()) as { type: string }).type]

describe('a lease', () => {
  it('gives each delivery to one puller, and to another when its time is over', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const ids = (await sequenced(db.pool, 4)).map(({ delivery }) => delivery)
    const [one, two] = [await lease(api, { most: 2 }), await lease(api, { most: 9 })]
    expect([idsOf(one), idsOf(two)]).toEqual([ids.slice(0, 2), ids.slice(2)])
    expect(await lease(api)).toEqual({ lease: null, deliveries: [] })
    await db.pool.query(sql`update delivery set lease_until = now() where lease = ${one.lease}`)
    expect(idsOf(await lease(api, { most: 9 }))).toEqual(ids.slice(0, 2))
  })

  it('gives no delivery while an earlier one of the same subject is open elsewhere', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const shared = goldenLines('bat_shared', 1)
    const first = await linkChunk(db.pool, 1, () => shared)
    await sequenceDeliveries(db.pool)
    const [other] = await sequenced(db.pool, 1)
    const again = await linkChunk(db.pool, 1, () => shared.map((line) => ({ ...line, version: 2 })))
    await sequenceDeliveries(db.pool)
    const held = await lease(api)
    expect(idsOf(held)).toEqual([first.delivery])
    expect(idsOf(await lease(api, { most: 9 }))).toEqual([other?.delivery])
    await api.post(`/v1/deliveries/${first.delivery}/ack`, {
      digest: first.composed.manifest.digest,
      lease: held.lease,
    })
    expect(idsOf(await lease(api, { most: 9 }))).toEqual([again.delivery])
  })

  it('gives several of one subject to one puller at once, in their order', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const shared = goldenLines('bat_shared', 1)
    const ids = []
    for (let version = 1; version <= 3; version++) {
      ids.push((await linkChunk(db.pool, 1, () => shared.map((line) => ({ ...line, version })))).delivery)
      await sequenceDeliveries(db.pool)
    }
    expect(idsOf(await lease(api, { most: 9 }))).toEqual(ids)
  })

  it('gives what an earlier version composed, whose subjects are not known, alone', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const ids = (await sequenced(db.pool, 3)).map(({ delivery }) => delivery)
    await db.pool.query(sql`update delivery set subjects = null where id = ${ids[1] ?? ''}`)
    expect(idsOf(await lease(api))).toEqual(ids.slice(0, 1))
    expect(idsOf(await lease(api, { most: 9 }))).toEqual([])
  })

  it('is the fence of an acknowledgement', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const digest = linked?.composed.manifest.digest
    const ack = (more: object = {}) => api.post(`/v1/deliveries/${linked?.delivery}/ack`, { digest, ...more })
    const { lease: old } = await lease(api)
    expect(await problemOf(await ack())).toEqual([409, '/problems/delivery-leased'])
    await db.pool.query(sql`update delivery set lease_until = now()`)
    const { lease: current } = await lease(api)
    expect(await problemOf(await ack({ lease: old }))).toEqual([409, '/problems/lease-lost'])
    const { rows } = await db.pool.query(sql`select state from delivery`)
    expect(rows).toEqual([{ state: 'composed' }])
    expect((await ack({ lease: current })).status).toBe(200)
    expect([(await ack({ lease: current })).status, (await ack()).status]).toEqual([200, 200])
    expect(await problemOf(await ack({ lease: old }))).toEqual([409, '/problems/lease-lost'])
  })

  it('that ran out is good for an acknowledgement until somebody takes another', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const { lease: late } = await lease(api)
    await db.pool.query(sql`update delivery set lease_until = now()`)
    const body = { digest: linked?.composed.manifest.digest, lease: late }
    expect((await api.post(`/v1/deliveries/${linked?.delivery}/ack`, body)).status).toBe(200)
  })

  it('is extended or given back by who has it, and by nobody else', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const path = `/v1/deliveries/${linked?.delivery}/lease`
    const { lease: mine, deliveries } = await lease(api, { seconds: 5 })
    const longer = (await (await api.post(path, { lease: mine, seconds: 600 })).json()) as { lease_until: string }
    expect(longer.lease_until > (deliveries[0]?.lease_until ?? '')).toBe(true)
    const stranger = `lse_${'0'.repeat(26)}`
    expect(await problemOf(await api.post(path, { lease: stranger, seconds: 5 }))).toEqual([
      409,
      '/problems/lease-lost',
    ])
    expect(await (await api.post(path, { lease: mine, seconds: 0 })).json()).toMatchObject({ lease_until: null })
    expect(idsOf(await lease(api))).toEqual([linked?.delivery])
  })

  it('refuses what it cannot mean', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    for (const body of [
      { most: 0 },
      { most: 33 },
      { seconds: 0 },
      { seconds: 3601 },
      { wait: 26 },
      { wait: '5' },
      { platform: 'x' },
    ])
      expect([body, (await api.post('/v1/deliveries/lease', body)).status]).toEqual([body, 400])
  })
})

describe('what may be given to a puller', () => {
  const open = fc.array(
    fc.record({
      isLeased: fc.boolean(),
      hashes: fc.option(
        fc.array(fc.nat(8), { maxLength: 3 }).map((hashes) => Uint32Array.from(hashes)),
        { nil: undefined },
      ),
    }),
    { maxLength: 12 },
  )

  it('never overtakes an open delivery with a subject in common, is in order, and includes the oldest that is free', () => {
    fc.assert(
      fc.property(open, fc.integer({ min: 1, max: 5 }), (deliveries, most) => {
        const given = eligible(deliveries, most)
        expect(given.length).toBeLessThanOrEqual(most)
        const places = given.map((one) => deliveries.indexOf(one))
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        for (const at of places) {
          for (const before of deliveries.slice(0, at).filter((one) => !given.includes(one))) {
            const [mine, theirs] = [deliveries[at]?.hashes, before.hashes]
            expect(mine === undefined || theirs === undefined || mine.some((hash) => theirs.includes(hash))).toBe(false)
          }
          expect(deliveries[at]?.isLeased).toBe(false)
        }
        if (deliveries[0]?.isLeased === false) expect(given[0]).toBe(deliveries[0])
      }),
    )
  })
})

describe('what a delivery touches', () => {
  const line = { level: 'individu', subject: 'per_1', record: {} } as const

  it('is every subject that it names', () => {
    const named = { ...line, family: 'fam_1', into: 'per_2', merged: ['per_3', 'per_4'] }
    expect(hashesIn(touchedBy([named]).subjects)).toHaveLength(5)
    expect(touchedBy([line]).subjects.equals(touchedBy([line, line]).subjects)).toBe(true)
  })

  it('is its provinces, regencies and districts, unless somebody cannot be placed', () => {
    const home = {
      level: 'keluarga',
      subject: 'fam_1',
      record: { kode_provinsi: '31', kode_kabupaten_kota: '3174' },
    } as const
    const member = { ...line, family: 'fam_1' }
    expect(touchedBy([home, member]).regions).toEqual(['31', '3174'])
    expect(touchedBy([home, line]).regions).toBe(null)
    expect(touchedBy([{ ...line, region: { bps: '5101010001' } }]).regions).toEqual(['51', '5101', '5101010'])
  })
})

describe('a long poll', () => {
  it('answers as soon as there is something, and empty when its time is over', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const feed = api.get('/v1/deliveries?wait=20').then((answer) => answer.json() as Promise<Feed>)
    const leased = lease(api, { wait: 20 })
    const { delivery } = await linkChunk(db.pool)
    const start = Date.now()
    await sequenceDeliveries(db.pool)
    expect((await feed).deliveries.map(({ manifest }) => manifest.delivery)).toEqual([delivery])
    expect(idsOf(await leased)).toEqual([delivery])
    expect(Date.now() - start).toBeLessThan(15_000)
    const { next } = await feed
    expect(await (await api.get(`/v1/deliveries?after=${next}&wait=1`)).json()).toEqual({ deliveries: [], next })
  })

  it('ends with the server, and gives its place back when its caller is gone', async () => {
    await using db = await freshDatabase()
    const api = await served(db.pool)
    const gone = new AbortController()
    let refused = 0
    const waiting = Array.from({ length: 66 }, async () => {
      const answer = await fetch(`${api.url}/v1/deliveries?wait=25`, { signal: gone.signal }).catch(() => undefined)
      if (answer?.status === 429) refused += 1
    })
    await until(() => refused === 2)
    const more = () => api.get('/v1/deliveries?wait=1')
    expect((await more()).status).toBe(429)
    gone.abort()
    await Promise.all(waiting)
    await until(async () => (await more()).status === 200)
    const last = api.get('/v1/deliveries?wait=25')
    await until(async () => {
      const { rows } = await db.pool.query(
        sql`select 1 from pg_stat_activity where query like '%as oldest%' and state = 'idle' limit 1`,
      )
      return rows.length > 0
    })
    const start = Date.now()
    const [answer] = await Promise.all([last, api[Symbol.asyncDispose]()])
    expect([answer.status, Date.now() - start < 10_000]).toEqual([200, true])
  })
})

describe('filters of the feed', () => {
  it('leave out what does not fit, and the cursor passes over it for good', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const ids = (await sequenced(db.pool, 6)).map(({ delivery }) => delivery)
    await inTransaction(db.pool, async (tx) => {
      for (const [at, id] of ids.entries()) {
        const platform = at % 2 === 0 ? 'carik-jakarta' : 'jembrana'
        const region = ['31', '3174'].slice(0, 1 + (at % 2))
        // 23:30 of the 10th in UTC is the 11th in Jakarta.
        await tx.query(sql`update delivery set platform = ${platform}, regions = ${region}::text[],
          composed_at = timestamptz '2026-11-10 23:30Z' + make_interval(days => ${at}) where id = ${id}`)
      }
      await tx.query(sql`update delivery set regions = null where id = ${ids[2] ?? ''}`)
    })
    const page = async (query: string) => {
      const answer = await api.get(`/v1/deliveries?${query}`)
      expect([query, answer.status]).toEqual([query, 200])
      const { deliveries, next } = (await answer.json()) as Feed
      return { places: deliveries.map(({ manifest }) => ids.indexOf(manifest.delivery as never)), next }
    }
    const found = async (query: string) => (await page(query)).places
    expect(await found('platform=jembrana')).toEqual([1, 3, 5])
    expect(await found('region=31')).toEqual([0, 1, 2, 3, 4, 5])
    expect(await found('region=3174')).toEqual([1, 2, 3, 5])
    expect(await found('region=3174&platform=carik-jakarta')).toEqual([2])
    expect(await found('from=2026-11-12&to=2026-11-13')).toEqual([1, 2])
    expect(await found('state=acknowledged')).toEqual([])
    expect(await found('state=composed&platform=jembrana&from=2026-11-14')).toEqual([3, 5])
    const first = await page('platform=jembrana&limit=2')
    expect(first.places).toEqual([1, 3])
    const second = await page(`platform=jembrana&limit=2&after=${first.next}`)
    expect(second.places).toEqual([5])
    const third = await page(`platform=jembrana&limit=2&after=${second.next}`)
    expect(third).toEqual({ places: [], next: second.next })
    // Nothing of another platform is ahead of a cursor at the end.
    expect(await found(`after=${(await page('platform=jembrana&limit=1000')).next}`)).toEqual([])
    for (const query of [
      'region=3',
      'region=3174.01',
      'from=11-11-2026',
      'from=2026-02-30',
      'state=sent',
      'state=composed&wait=5',
      'wait=26',
    ])
      expect([query, (await api.get(`/v1/deliveries?${query}`)).status]).toEqual([query, 400])
  })
})
