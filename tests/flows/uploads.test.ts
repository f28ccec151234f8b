import { createHash } from 'node:crypto'
import { Upload as TusUpload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetUploads } from '../../src/intake/uploads/upload.sql.ts'
import type { UploadRow } from '../../src/intake/uploads/upload.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { until } from '../support/running.ts'
import { openGateway, problemOf, type TestGateway } from './gateway.ts'

let gateway: TestGateway
let call: Awaited<ReturnType<TestGateway['caller']>>
beforeAll(async () => {
  gateway = await openGateway({ CHUNK_RECORDS: '1000', RESUMABLE_UPLOADS: '5', RESUMABLE_BYTES: '10000000' })
  call = await gateway.caller('utara')
})
afterAll(() => gateway[Symbol.asyncDispose]())

const TUS = { 'tus-resumable': '1.0.0' }
const OFFSET = { ...TUS, 'content-type': 'application/offset+octet-stream' }
const lines = (count: number, from = 0) =>
  Buffer.from(Array.from({ length: count }, (_, at) => `{"id":"${from + at}"}\n`).join(''))

function metadata(pairs: Record<string, string>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

function begin(length: number, pairs: Record<string, string> = {}, by = call): Promise<Response> {
  const given = { dataset: 'orang', filename: 'a.ndjson', ...pairs }
  return by('/v1/uploads', {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(length), 'upload-metadata': metadata(given) },
  })
}

async function begun(length: number, pairs: Record<string, string> = {}): Promise<string> {
  const answer = await begin(length, pairs)
  expect(answer.status).toBe(201)
  return answer.headers.get('location') ?? ''
}

function send(path: string, offset: number, body: Buffer | ReadableStream): Promise<Response> {
  return call(path, {
    method: 'PATCH',
    headers: { ...OFFSET, 'upload-offset': String(offset) },
    body: body instanceof Buffer ? new Uint8Array(body) : body,
    duplex: 'half',
  })
}

async function offsetOf(path: string, by = call): Promise<number> {
  const answer = await by(path, { method: 'HEAD', headers: TUS })
  expect(answer.status).toBe(200)
  return Number(answer.headers.get('upload-offset'))
}

type Shown = Pick<UploadRow, 'state' | 'batch'> & { problem: { type: string } | null }
async function ended(path: string): Promise<Shown> {
  let shown: Shown | undefined
  await until(async () => {
    shown = (await (await call(path)).json()) as Shown
    return shown.state === 'taken' || shown.state === 'refused'
  })
  return shown as Shown
}

async function receivedOf(batch: string | null): Promise<number> {
  const answer = await call(`/v1/batches/${batch}`)
  return ((await answer.json()) as { counts: { received: number } }).counts.received
}

describe('a resumable upload', () => {
  it('becomes a batch when its last byte is here, and its bytes are destroyed', async () => {
    const body = lines(2500)
    const path = await begun(body.length)
    expect((await send(path, 0, body.subarray(0, 10_000))).headers.get('upload-offset')).toBe('10000')
    expect(await offsetOf(path)).toBe(10_000)
    expect((await send(path, 10_000, body.subarray(10_000))).status).toBe(204)
    const { state, batch } = await ended(path)
    expect([state, await receivedOf(batch)]).toEqual(['taken', 2500])
    const { rows } = await gateway.db.pool.query(sql`select from upload_part where upload = ${path.slice(-30)}`)
    expect(rows).toHaveLength(0)
  })

  it('keeps what came before the connection broke, and goes on there at another gateway', async () => {
    const body = lines(3000)
    const path = await begun(body.length)
    const broken = new ReadableStream({
      async start(stream) {
        stream.enqueue(new Uint8Array(body.subarray(0, 9000)))
        await until(() => false, 0.3).catch(() => undefined)
        stream.error(new Error('the link drops'))
      },
    })
    await expect(send(path, 0, broken)).rejects.toThrow()
    await until(async () => (await offsetOf(path)) > 0)
    const offset = await offsetOf(path)
    expect(offset).toBeLessThanOrEqual(9000)
    // The database outlives it.
    const db = { ...gateway.db, [Symbol.asyncDispose]: async () => undefined }
    await using other = await openGateway({}, undefined, { db, ring: gateway.deps.ring })
    const there = await other.caller('utara')
    expect(await offsetOf(path, there)).toBe(offset)
    const rest = await there(path, {
      method: 'PATCH',
      headers: { ...OFFSET, 'upload-offset': String(offset) },
      body: new Uint8Array(body.subarray(offset)),
    })
    expect(rest.status).toBe(204)
    const { batch } = await ended(path)
    expect(await receivedOf(batch)).toBe(3000)
  })

  it('is found again by the digest of its bytes, by a sender that remembers nothing', async () => {
    const body = lines(500, 5000)
    const sha256 = createHash('sha256').update(body).digest('hex')
    const path = await begun(body.length, { sha256 })
    await send(path, 0, body.subarray(0, 1000))
    expect(await begun(body.length, { sha256 })).toBe(path)
    expect(await begun(body.length, { sha256, mode: 'snapshot' })).not.toBe(path)
    await send(path, 1000, body.subarray(1000))
    const { batch } = await ended(path)
    expect(await receivedOf(batch)).toBe(500)
  })

  it('is refused when its bytes are not those of the digest, or cannot be read', async () => {
    const body = lines(10)
    const wrong = await begun(body.length, { sha256: '0'.repeat(64) })
    await send(wrong, 0, body)
    expect(await ended(wrong)).toMatchObject({ state: 'refused', problem: { type: '/problems/digest-mismatch' } })
    const table = Buffer.from('lain;sama\n1;2\n')
    const path = await begun(table.length, { dataset: 'tabel', filename: 'x.csv' })
    await send(path, 0, table)
    expect(await ended(path)).toMatchObject({
      state: 'refused',
      batch: null,
      problem: { type: '/problems/csv-header' },
    })
  })

  it('makes one batch of two uploads under one key, and refuses other bytes under it', async () => {
    const body = lines(20, 7000)
    const paths = [await begun(body.length, { key: 'satu' }), await begun(body.length, { key: 'satu' })]
    for (const path of paths) await send(path, 0, body)
    const [first, second] = [await ended(paths[0] ?? ''), await ended(paths[1] ?? '')]
    expect(first.batch).toBe(second.batch)
    const other = lines(20, 8000)
    const path = await begun(other.length, { key: 'satu' })
    await send(path, 0, other)
    expect(await ended(path)).toMatchObject({ state: 'refused', problem: { type: '/problems/key-reused' } })
  })

  it('stores each byte once when two send at the same time', async () => {
    const body = lines(4000, 9000)
    const path = await begun(body.length)
    const statuses = await Promise.all(
      [send(path, 0, body), send(path, 0, body)].map(async (one) => (await one).status),
    )
    expect(statuses.toSorted()).toEqual([204, 409])
    expect(await receivedOf((await ended(path)).batch)).toBe(4000)
  })

  it('becomes a file of a submission', async () => {
    const opened = await call('/v1/submissions', { method: 'POST', headers: { 'idempotency-key': 'tus' } })
    const { id } = (await opened.json()) as { id: string }
    const body = lines(30)
    const path = await begun(body.length, { submission: id, file: 'besar.ndjson' })
    await send(path, 0, body)
    expect((await ended(path)).state).toBe('taken')
    const commit = await call(`/v1/submissions/${id}/commit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ files: ['besar.ndjson'] }),
    })
    expect(await commit.json()).toMatchObject({ counts: { received: 30 } })
  })

  it('can be ended while it is not whole, and is gone then', async () => {
    const path = await begun(100)
    expect((await call(path, { method: 'DELETE', headers: TUS })).status).toBe(204)
    expect((await call(path, { method: 'HEAD', headers: TUS })).status).toBe(404)
    expect(await problemOf(await send(path, 0, lines(1)))).toEqual({ status: 404, code: 'not-found' })
  })

  it('is discarded when nobody goes on with it', async () => {
    const path = await begun(100)
    await gateway.db.pool.query(sql`
      update upload set touched_at = now() - interval '25 hours' where id = ${path.slice(-30)}`)
    expect((await call(path, { method: 'HEAD', headers: TUS })).status).toBe(410)
    expect(await forgetUploads(gateway.db.pool, 24)).toBeGreaterThanOrEqual(1)
    expect((await call(path, { method: 'HEAD', headers: TUS })).status).toBe(404)
  })

  it('is another platform’s to nobody', async () => {
    const path = await begun(100)
    const other = await gateway.caller('selatan')
    expect((await other(path, { method: 'HEAD', headers: TUS })).status).toBe(404)
    expect((await other(path)).status).toBe(404)
    expect((await other(path, { method: 'DELETE', headers: TUS })).status).toBe(404)
    await call(path, { method: 'DELETE', headers: TUS })
  })

  it.each([
    [{ dataset: 'tak-ada' }, 404, 'dataset-unknown'],
    [{ dataset: 'lama' }, 403, 'agreement-missing'],
    [{ filename: 'a.pdf' }, 415, 'type-unsupported'],
    [{ filename: 'a.csv' }, 415, 'type-unsupported'],
    [{ mode: 'lain' }, 400, 'bad-request'],
    [{ submission: 'sub_1' }, 400, 'bad-request'],
  ])('is refused before its first byte: %j', async (pairs, status, code) => {
    expect(await problemOf(await begin(100, pairs as Record<string, string>))).toEqual({ status, code })
  })

  it('is refused without the version of the protocol, from a wrong byte, and beyond its end', async () => {
    const path = await begun(100)
    const bare = await call(path, { method: 'HEAD' })
    expect(bare.status).toBe(412)
    expect(await problemOf(await send(path, 7, lines(1)))).toEqual({ status: 409, code: 'offset-differs' })
    expect(await problemOf(await send(path, 0, lines(100)))).toEqual({ status: 413, code: 'body-too-large' })
    await call(path, { method: 'DELETE', headers: TUS })
  })

  it('has limits for each platform: how many, and how many bytes', async () => {
    expect(await problemOf(await begin(10_000_001))).toEqual({ status: 429, code: 'too-many' })
    const paths: string[] = []
    for (;;) {
      const answer = await begin(100)
      if (answer.status === 429) break
      paths.push(answer.headers.get('location') ?? '')
      expect(paths.length).toBeLessThanOrEqual(5)
    }
    expect((await begin(100, {}, await gateway.caller('selatan'))).status).toBe(201)
    for (const path of paths) await call(path, { method: 'DELETE', headers: TUS })
  })

  it('is spoken by a client that others wrote', async () => {
    const body = lines(1500)
    const url = await new Promise<string>((resolve, reject) => {
      const upload = new TusUpload(body, {
        endpoint: `${gateway.url}/v1/uploads`,
        headers: { authorization: `Bearer ${call.token}` },
        metadata: { dataset: 'orang', filename: 'a.ndjson' },
        chunkSize: 8000,
        onError: reject,
        onSuccess: () => resolve(upload.url ?? ''),
      })
      upload.start()
    })
    expect(await receivedOf((await ended(new URL(url).pathname)).batch)).toBe(1500)
  })
})
