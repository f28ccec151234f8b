import { hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../src/forward/feed.ts'
import { feedEpoch, renewFeed } from '../../src/forward/feed-epoch.sql.ts'
import type { Problem } from '../../src/io/http/problem.ts'
import { inTransaction, withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshReceiver } from '../receiver/stand-in.ts'
import { freshDatabase } from '../support/database.ts'
import { sequenced, served } from './api.ts'
import { linkChunk, pushing } from './gateway.ts'

describe('the feed', () => {
  it('gives every delivery once, in order, page by page', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const linked = await sequenced(db.pool, 5)
    const seen = []
    for (let after = '0'; ; ) {
      const page = (await (await api.get(`/v1/deliveries?after=${after}&limit=2`)).json()) as Feed
      seen.push(...page.deliveries.map(({ manifest }) => manifest))
      if (page.deliveries.length === 0) {
        expect(page.next).toBe(after)
        break
      }
      after = page.next
    }
    const feed = await feedEpoch(db.pool)
    expect(seen).toEqual(linked.map(({ composed }) => ({ ...composed.manifest, feed })))
  })

  it('hides what has no position yet', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const { delivery, composed } = await linkChunk(db.pool)
    expect(await (await api.get('/v1/deliveries')).json()).toEqual({ deliveries: [], next: '0' })
    expect((await api.get(`/v1/deliveries/${delivery}/records`)).status).toBe(404)
    const ack = await api.post(`/v1/deliveries/${delivery}/ack`, { digest: composed.manifest.digest })
    expect(ack.status).toBe(404)
  })

  it('refuses positions that were never given, and what it does not know', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const queries = {
      'after=0&limit=1000': 200,
      'after=1': 400,
      'after=999999999999999999': 400,
      'after=9999999999999999999999': 400,
      'after=-1': 400,
      'after=abc': 400,
      'limit=0': 400,
      'limit=1001': 400,
      'limit=1e2': 400,
      'cursor=1': 400,
    }
    const answered: Record<string, number> = {}
    for (const query of Object.keys(queries)) answered[query] = (await api.get(`/v1/deliveries?${query}`)).status
    expect(answered).toEqual(queries)
  })
})

describe('a feed whose database was restored to an older copy', () => {
  it('refuses cursors of the copy that is gone, and says what to do', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    await sequenced(db.pool, 3)
    const { next } = (await (await api.get('/v1/deliveries')).json()) as Feed
    expect((await api.get(`/v1/deliveries?after=${next}`)).status).toBe(200)
    // The older copy: the same epoch, two deliveries less. Nobody has said yet that it was restored.
    await db.pool.query('delete from delivery where position > 1')
    await withClient(db.ownerUrl, (owner) => owner.query("select setval('delivery_position', 1)"))
    const unsaid = await api.get(`/v1/deliveries?after=${next}`)
    expect([unsaid.status, await unsaid.json()]).toEqual([
      410,
      expect.objectContaining({ type: '/problems/feed-renewed' }),
    ])
    await inTransaction(db.pool, renewFeed)
    await sequenced(db.pool, 4)
    const said = await api.get(`/v1/deliveries?after=${next}`, { 'accept-language': 'en' })
    expect([said.status, await said.json()]).toEqual([
      410,
      expect.objectContaining({ title: expect.stringContaining('read it again from after=0') }),
    ])
    // One from before there were epochs cannot be told from one of another copy.
    expect((await api.get('/v1/deliveries?after=2')).status).toBe(410)
    const again = (await (await api.get('/v1/deliveries?after=0')).json()) as Feed
    expect(again.deliveries).toHaveLength(5)
    expect(new Set(again.deliveries.map(({ manifest }) => manifest.feed)).size).toBe(2)
    expect((await api.get(`/v1/deliveries?after=${again.next}`)).status).toBe(200)
  })
})

describe('the records of a delivery', () => {
  it('are the same bytes by pull, by push and by a push that is repeated', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    await using receiver = await freshReceiver()
    await using worker = pushing(db.pool, receiver.url)
    const [linked] = await sequenced(db.pool, 1)
    if (linked === undefined) throw new Error('no delivery')
    const pull = () => api.get(`/v1/deliveries/${linked.delivery}/records`, { 'accept-encoding': 'zstd' })
    const before = await pull()
    await receiver.misbehave('reset', 2)
    await worker.work(linked.chunk)
    await worker.work(linked.chunk)
    expect(await worker.work(linked.chunk)).toBe('settled')
    const after = await pull()
    for (const answer of [before, after]) {
      expect(answer.headers.get('content-digest')).toBe(linked.composed.manifest.digest)
      expect(answer.headers.get('content-encoding')).toBe('zstd')
    }
    // The stand-in computed its digest over what it got; fetch has already unpacked what was pulled.
    const { rows } = await db.pool.query(sql`select receipt ->> 'digest' as digest from delivery`)
    expect(rows).toEqual([{ digest: linked.composed.manifest.digest }])
    const plain = zstdDecompressSync(linked.composed.bytes).toString()
    expect([await before.text(), await after.text()]).toEqual([plain, plain])
  })

  it('come uncompressed, with a digest of their own, to a client that does not know zstd', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const answer = await api.get(`/v1/deliveries/${linked?.delivery}/records`, { 'accept-encoding': 'gzip' })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.headers.get('content-encoding')).toBe(null)
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
    expect(answer.headers.get('content-digest')).toBe(`sha-256=:${hash('sha256', bytes, 'base64')}:`)
    expect(bytes.equals(zstdDecompressSync(linked?.composed.bytes ?? Buffer.alloc(0)))).toBe(true)
  })

  it('need not be sent again to who has them', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const path = `/v1/deliveries/${linked?.delivery}/records`
    const etag = (await api.get(path)).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other,", W/"x" , ${etag}`, '*', `"a",${etag},"b"`]) {
      const again = await api.get(path, { 'if-none-match': known, 'accept-encoding': 'identity' })
      expect([known, again.status, await again.text()]).toEqual([known, 304, ''])
      expect([again.headers.get('etag'), again.headers.get('vary')]).toEqual([etag, 'accept, accept-encoding'])
      for (const name of ['content-type', 'content-length', 'content-encoding', 'content-digest'])
        expect(again.headers.get(name)).toBe(null)
    }
    for (const other of ['"other"', 'W/"other"', etag.slice(1, -1), ''])
      expect((await api.get(path, { 'if-none-match': other })).status).toBe(200)
    expect((await api.get(path, { 'if-none-match': etag, 'accept-encoding': 'zstd' })).status).toBe(200)
  })

  it('are refused to who wants other ones by If-Match, or takes no encoding there is', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const path = `/v1/deliveries/${linked?.delivery}/records`
    const etag = (await api.get(path)).headers.get('etag') ?? ''
    for (const match of [etag, '*', `"x", ${etag}`])
      expect((await api.get(path, { 'if-match': match })).status).toBe(200)
    for (const match of ['"x"', `W/${etag}`]) {
      const answer = await api.get(path, { 'if-match': match })
      expect([answer.status, ((await answer.json()) as Problem).type]).toEqual([412, '/problems/precondition-failed'])
    }
    const answer = await api.get(path, { 'accept-encoding': 'identity;q=0, gzip' })
    expect([answer.status, answer.headers.get('vary')]).toEqual([406, 'accept, accept-encoding, accept-language'])
  })
})

describe('an acknowledgement', () => {
  it('settles chunk and batch, and repeating it changes nothing', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const body = { digest: linked?.composed.manifest.digest }
    const answers = await Promise.all([1, 2, 3].map(() => api.post(`/v1/deliveries/${linked?.delivery}/ack`, body)))
    answers.push(await api.post(`/v1/deliveries/${linked?.delivery}/ack`, body))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const told = await Promise.all(answers.map((answer) => answer.json()))
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1)
    const { rows } = await db.pool.query(sql`
      select d.state, d.acknowledged_by as by, d.receipt ->> 'records' as records, c.state as chunk, b.state as batch
      from delivery d join chunk c on c.id = d.chunk join batch b on b.id = c.batch`)
    expect(rows).toEqual([{ state: 'acknowledged', by: 'bps', records: '6', chunk: 'settled', batch: 'settled' }])
  })

  it('reports what was refused', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const refused = [{ subject: linked?.lines[4]?.subject, code: 'region-unknown' }]
    await api.post(`/v1/deliveries/${linked?.delivery}/ack`, { digest: linked?.composed.manifest.digest, refused })
    const { rows } = await db.pool.query(sql`select stage, counts from report`)
    expect(rows).toEqual([{ stage: 'forward', counts: { 'receiver-region-unknown': 1 } }])
  })

  it('that does not fit the delivery is refused and settles nothing', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const digest = linked?.composed.manifest.digest
    const refused = Array.from({ length: 7 }, (_, i) => ({ subject: `per_${'0'.repeat(25)}${i}`, code: 'no' }))
    const bodies = [{ digest: `sha-256=:${'A'.repeat(43)}=:` }, {}, { digest, extra: 1 }, { digest, refused }]
    for (const body of bodies) expect((await api.post(`/v1/deliveries/${linked?.delivery}/ack`, body)).status).toBe(400)
    const { rows } = await db.pool.query(sql`
      select d.state, c.state as chunk from delivery d join chunk c on c.id = d.chunk`)
    expect(rows).toEqual([{ state: 'composed', chunk: 'linked' }])
  })

  it('of nothing is answered 404', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const answer = await api.post('/v1/deliveries/dlv_00000000000000000000000000/ack', { digest: 'x' })
    expect(answer.status).toBe(404)
  })

  it('that comes while a worker pushes makes the worker save nothing', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    await using receiver = await freshReceiver()
    const [linked] = await sequenced(db.pool, 1)
    if (linked === undefined) throw new Error('no delivery')
    let acknowledged: Promise<unknown> = Promise.resolve()
    await using worker = pushing(db.pool, receiver.url, {
      crash: (point) => {
        if (point === 'forward:before-send')
          acknowledged = api.post(`/v1/deliveries/${linked.delivery}/ack`, { digest: linked.composed.manifest.digest })
      },
    })
    await receiver.misbehave('slow')
    await worker.work(linked.chunk)
    await acknowledged
    expect(await worker.work(linked.chunk)).toBe('not claimed')
    const { rows } = await db.pool.query(sql`select state, acknowledged_by as by from delivery`)
    expect(rows).toEqual([{ state: 'acknowledged', by: 'bps' }])
  })
})
