import { createHash } from 'node:crypto'
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpackEntries } from '../../src/domain/chunk.ts'
import { place } from '../../src/trust/vault.ts'
import { openGateway, problemOf, push } from './gateway.ts'

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
    const raw = gateway.vault.open(rows[0].raw, place('utara', 'chunk', rows[0].id, 'raw'))
    expect(unpackEntries(zstdDecompressSync(raw)).map(({ text }) => text)).toEqual(['{"id":"a"}', '{"id":"b"}'])
  })

  it.for([
    ['gzip', gzipSync(LINES)],
    ['zstd', zstdCompressSync(LINES)],
  ] as const)('accepts %s', async ([encoding, body]) => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    const response = await push(call, 'satu', new Uint8Array(body), { 'content-encoding': encoding })
    expect(await response.json()).toMatchObject({ counts: { received: 3 }, bytes: body.length })
  })

  it('accepts a JSON array and a CSV with its columns in another order', async () => {
    await using gateway = await openGateway()
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
    const raw = zstdDecompressSync(gateway.vault.open(rows[0].raw, place('utara', 'chunk', rows[0].id, 'raw')))
    expect(unpackEntries(raw)).toEqual([{ line: 2, form: 'cells', text: '["1","Ani","Jl. A"]' }])
  })

  it('gives the same batch for the same key and body, whatever the form of the key', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    const first = (await (await push(call, 'kunci', LINES)).json()) as { id: string }
    const again = await push(call, '"kunci"', LINES)
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toMatchObject({ id: first.id, state: 'received' })
  })

  it('refuses a key that was used for another body or another dataset', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    await push(call, 'kunci', LINES)
    expect(await problemOf(await push(call, 'kunci', '{"id":"z"}\n'))).toEqual({ status: 422, code: 'key-reused' })
    const other = await push(call, 'kunci', LINES, { dataset: 'tabel', 'content-type': 'text/csv' })
    expect(await problemOf(other)).toEqual({ status: 422, code: 'key-reused' })
  })

  it('keeps the keys of two platforms apart', async () => {
    await using gateway = await openGateway()
    const north = await gateway.caller('utara')
    const south = await gateway.caller('selatan')
    expect((await push(north, 'kunci', LINES)).status).toBe(202)
    expect((await push(south, 'kunci', '{"id":"z"}\n')).status).toBe(202)
  })

  it('makes one batch of a hundred parallel uploads with one key', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    const converge = async (): Promise<string> => {
      for (;;) {
        const response = await push(call, 'kunci', LINES)
        const body = (await response.json()) as { id: string; type?: string }
        if (response.status === 200 || response.status === 202) return body.id
        expect(body.type).toBe('/problems/key-running')
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    }
    const ids = await Promise.all(Array.from({ length: 100 }, converge))
    expect(new Set(ids).size).toBe(1)
    const { rows } = await gateway.db.pool.query('select count(*)::int as batches from batch')
    expect(rows[0].batches).toBe(1)
  })

  it('takes over the key of an upload that has been silent too long', async () => {
    await using gateway = await openGateway({ UPLOAD_STALE_MINUTES: '10' })
    const call = await gateway.caller('utara')
    await gateway.db.pool.query(`
      insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key, touched_at)
      values ('bat_dead', 'utara', 'orang', '1', 'PKS-1', 'kunci', now() - interval '11 minutes')`)
    expect((await push(call, 'kunci', LINES)).status).toBe(202)
  })

  it('checks a body without keeping anything', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
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
    const { rows } = await gateway.db.pool.query('select count(*)::int as batches from batch')
    expect(rows[0].batches).toBe(0)
  })

  it('refuses one batch more than a platform may have open, and says when to come again', async () => {
    await using gateway = await openGateway({ OPEN_BATCHES: '1' })
    const call = await gateway.caller('utara')
    await push(call, 'satu', LINES)
    const response = await push(call, 'dua', LINES)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemOf(response)).toEqual({ status: 429, code: 'too-many' })
    expect((await push(call, 'satu', LINES)).status).toBe(200)
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
    await using gateway = await openGateway()
    const north = await gateway.caller('utara')
    const south = await gateway.caller('selatan')
    const { id } = (await (await push(north, 'a', LINES)).json()) as { id: string }
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
    ['/console/queues', 'ops'],
    ['/docs', 'ops'],
    ['/v1/conservation', 'conservation:read'],
  ] as const)('%s wants the scope %s', async ([path, scope]) => {
    await using gateway = await openGateway()
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(401)
    const without = await gateway.caller('utara', ['batches:read'])
    expect((await without(path)).status).toBe(403)
    const holder = await gateway.caller(scope === 'ops' ? null : 'utara', [scope])
    expect((await holder(path)).status).toBe(200)
  })
})
