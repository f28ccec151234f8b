import { createHash } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { createTokens } from '../../src/trust/access/token.ts'
import { insertBatch } from '../support/fixtures/rows.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

/** Shared by the tests that need no settings of their own; their keys differ. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

const LINES = '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n'

describe('pushing a batch', () => {
  it('answers 202 with the batch, and stores its entries sealed, in chunks that are due', async () => {
    await using gateway = await openGateway({ CHUNK_RECORDS: '2' })
    const call = await gateway.caller('utara')
    const response = await push(call, 'satu', LINES)
    expect(response.status).toBe(202)
    const batch = (await response.json()) as { id: string }
    expect(response.headers.get('location')).toBe(`/v1/batches/${batch.id}`)
    expect(batch).toMatchObject({
      platform: 'utara',
      dataset: 'orang',
      state: 'received',
      counts: { received: 3, pending: 3, new: 0 },
      gap: 0,
      position: 0,
      bytes: LINES.length,
      sha256: createHash('sha256').update(LINES).digest('hex'),
    })
    const { rows } = await gateway.db.pool.query(
      'select id, first_line, entries, state, raw from chunk order by first_line',
    )
    expect(rows.map(({ first_line, entries, state }) => [first_line, entries, state])).toEqual([
      [1, 2, 'received'],
      [3, 1, 'received'],
    ])
    const raw = openRaw(gateway.vault, { id: rows[0].id, platform: 'utara' }, rows[0].raw)
    expect(raw.map(({ text }) => text)).toEqual(['{"id":"a"}', '{"id":"b"}'])
  })

  it.for([
    ['gzip', gzipSync(LINES)],
    ['zstd', zstdCompressSync(LINES)],
  ] as const)('accepts %s', async ([encoding, body]) => {
    const call = await gateway.caller('utara')
    const response = await push(call, `satu-${encoding}`, new Uint8Array(body), { 'content-encoding': encoding })
    expect(await response.json()).toMatchObject({ counts: { received: 3 }, bytes: body.length })
  })

  it('accepts a JSON array and a CSV with its columns in another order', async () => {
    const call = await gateway.caller('utara')
    const array = await push(call, 'larik', '[{"id":"a"}, {"id":"b"}]', { 'content-type': 'application/json' })
    expect(await array.json()).toMatchObject({ counts: { received: 2 } })
    const csv = await push(call, 'csv', 'nama;id;alamat\nAni;1;Jl. A\n', {
      dataset: 'tabel',
      'content-type': 'text/csv',
    })
    expect(await csv.json()).toMatchObject({ counts: { received: 1 } })
    const { rows } = await gateway.db.pool.query(
      "select c.id, c.raw from chunk c join batch b on b.id = c.batch where b.dataset = 'tabel'",
    )
    const raw = openRaw(gateway.vault, { id: rows[0].id, platform: 'utara' }, rows[0].raw)
    expect(raw).toEqual([{ line: 2, form: 'cells', text: '["1","Ani","Jl. A"]' }])
  })

  it('gives the same batch for the same key and body, whatever the form of the key', async () => {
    const call = await gateway.caller('utara')
    const first = (await (await push(call, 'kunci', LINES)).json()) as { id: string }
    const again = await push(call, '"kunci"', LINES)
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toMatchObject({ id: first.id, state: 'received' })
  })

  it('refuses a key that was used for another body or another dataset', async () => {
    const call = await gateway.caller('utara')
    await push(call, 'bekas', LINES)
    expect(await problemOf(await push(call, 'bekas', '{"id":"z"}\n'))).toEqual({ status: 422, code: 'key-reused' })
    const other = await push(call, 'bekas', LINES, { dataset: 'tabel', 'content-type': 'text/csv' })
    expect(await problemOf(other)).toEqual({ status: 422, code: 'key-reused' })
  })

  it('keeps the keys of two platforms apart', async () => {
    const north = await gateway.caller('utara')
    const south = await gateway.caller('selatan')
    expect((await push(north, 'bersama', LINES)).status).toBe(202)
    expect((await push(south, 'bersama', '{"id":"z"}\n')).status).toBe(202)
  })

  it('makes one batch of a hundred parallel uploads with one key', async () => {
    const call = await gateway.caller('utara')
    const converge = async (): Promise<string> => {
      for (;;) {
        const response = await push(call, 'seratus', LINES)
        const body = (await response.json()) as { id: string; type?: string }
        if (response.status === 200 || response.status === 202) return body.id
        expect(body.type).toBe('/problems/key-running')
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    }
    const ids = await Promise.all(Array.from({ length: 100 }, converge))
    expect(new Set(ids).size).toBe(1)
    const { rows } = await gateway.db.pool.query(
      "select count(*)::int as batches from batch where idempotency_key = 'seratus'",
    )
    expect(rows[0].batches).toBe(1)
  })

  it('waits for an upload that lives, and takes over the key of one that has died with its gateway', async () => {
    const call = await gateway.caller('utara')
    const { pool } = gateway.db
    const upload = { platform: 'utara', dataset: 'orang', idempotency_key: 'mati', state: 'receiving' }
    const { id } = await insertBatch(pool, upload)
    const touched = 'update batch set touched_at = now() - make_interval(secs => $2) where id = $1'
    await pool.query(touched, [id, 5])
    expect(await problemOf(await push(call, 'mati', LINES))).toEqual({ status: 409, code: 'key-running' })
    await pool.query(touched, [id, 15])
    expect((await push(call, 'mati', LINES)).status).toBe(202)
  })

  it('checks a body without keeping anything', async () => {
    const call = await gateway.caller('utara')
    const countBatches = async () =>
      (await gateway.db.pool.query('select count(*)::int as batches from batch')).rows[0].batches
    const before = await countBatches()
    const response = await call('/v1/datasets/orang/batches?mode=check', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'accept-language': 'en' },
      body: new Uint8Array(Buffer.from('{"id":"a"}\n\xff\n', 'latin1')),
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      received: 2,
      accepted: 1,
      rejected: 1,
      counts: { 'utf8-invalid': 1 },
      findings: [
        { line: 2, key: null, code: 'utf8-invalid', severity: 'error', path: '', title: 'The line is not valid UTF-8' },
      ],
      truncated: false,
    })
    expect(await countBatches()).toBe(before)
  })

  it('refuses one batch more than a platform may have open, and says when to come again', async () => {
    await using gateway = await openGateway({ OPEN_BATCHES: '1' })
    const call = await gateway.caller('utara')
    await push(call, 'satu', LINES)
    const response = await push(call, 'dua', LINES)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await problemOf(response)).toEqual({ status: 429, code: 'too-many' })
    expect((await push(call, 'satu', LINES)).status).toBe(200)
  })
})

describe('a token', () => {
  it('of a gateway whose clock is as wrong as a start allows is taken', async () => {
    const call = await gateway.caller('utara')
    const tokens = createTokens(gateway.deps.ring, { issuer: gateway.deps.publicUrl, seconds: 300 })
    const ask = async (seconds: number) => {
      const at = new Date(Date.now() + seconds * 1000)
      const token = await tokens.issue({ client: call.id, platform: 'utara', scopes: ['batches:read'] }, at)
      const answer = await fetch(`${gateway.url}/v1/batches`, { headers: { authorization: `Bearer ${token}` } })
      return answer.status
    }
    // Two clocks may each be a quarter of a lease (30 s) beside PostgreSQL's.
    expect([await ask(14), await ask(-312), await ask(40), await ask(-340)]).toEqual([200, 200, 401, 401])
  })
})

describe('looking at batches', () => {
  it("pages through a platform's own batches, the newest first", async () => {
    await using gateway = await openGateway()
    const north = await gateway.caller('utara')
    const south = await gateway.caller('selatan')
    const ids: string[] = []
    for (const key of ['a', 'b', 'c']) ids.push(((await (await push(north, key, LINES)).json()) as { id: string }).id)
    await push(south, 'd', LINES)
    const first = (await (await north('/v1/batches?limit=2')).json()) as { batches: { id: string }[]; next: string }
    const second = (await (await north(`/v1/batches?limit=2&after=${first.next}`)).json()) as typeof first
    expect([...first.batches, ...second.batches].map(({ id }) => id)).toEqual(ids.toReversed())
    expect(second.next).toBeNull()
  })

  it('counts the unfinished chunks of earlier batches as the place in the queue', async () => {
    await using gateway = await openGateway({ CHUNK_RECORDS: '1' })
    const call = await gateway.caller('utara')
    await push(call, 'a', LINES)
    expect(await (await push(call, 'b', LINES)).json()).toMatchObject({ position: 3 })
  })

  it("answers another platform's batch like one that is not there", async () => {
    const north = await gateway.caller('utara')
    const south = await gateway.caller('selatan')
    const { id } = (await (await push(north, 'asing', LINES)).json()) as { id: string }
    for (const path of [
      `/v1/batches/${id}`,
      `/v1/batches/${id}/findings`,
      '/v1/batches/bat_00000000000000000000000000',
    ]) {
      expect(await problemOf(await south(path))).toEqual({ status: 404, code: 'not-found' })
    }
    const ops = await gateway.caller(null, ['ops'])
    expect((await ops(`/v1/batches/${id}`)).status).toBe(200)
  })
})

describe('what is not for everybody', () => {
  it.for([
    ['/metrics', 'ops'],
    ['/v1/queues', 'ops'],
    ['/v1/conservation', 'conservation:read'],
  ] as const)('%s wants the scope %s', async ([path, scope]) => {
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(401)
    const without = await gateway.caller('utara', ['batches:read'])
    expect((await without(path)).status).toBe(403)
    const holder = await gateway.caller(scope === 'ops' ? null : 'utara', [scope])
    expect((await holder(path)).status).toBe(200)
  })

  it('shows the docs whatever the query, from where their document is found', async () => {
    const { cookie } = await gateway.person(['ops'])
    const ops = (path: string) => fetch(`${gateway.url}${path}`, { headers: { cookie } })
    for (const path of ['/docs?lang=en', '/docs/?lang=id', '/docs?x']) {
      const page = await ops(path)
      expect([page.status, new URL(page.url).pathname, new URL(page.url).search]).toEqual([200, '/docs/', ''])
      const document = await ops(new URL('./json', page.url).pathname)
      expect(await document.json()).toMatchObject({ openapi: '3.1.0' })
    }
  })

  it('lets a person of ops in to the console and the docs, and no client', async () => {
    const { cookie } = await gateway.person(['ops'])
    const { token, id, secret } = await gateway.caller(null, ['ops'])
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const status = async (path: string, headers: Record<string, string>) =>
      (await fetch(`${gateway.url}${path}`, { headers })).status
    for (const path of [
      '/console/queues',
      '/console/queues/jobs',
      '/console/queues/jobs/api/queues',
      '/docs',
      '/docs/json',
    ]) {
      expect(await status(path, { cookie })).toBe(200)
      for (const authorization of [basic, `Bearer ${token}`]) expect(await status(path, { authorization })).toBe(401)
    }
    expect(await status('/metrics', { cookie })).toBe(401)
  })
})
