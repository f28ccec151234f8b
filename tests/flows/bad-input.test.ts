import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import { XLSX_TYPE } from '../../src/intake/formats/sniff.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { until } from '../support/running.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Headers = Record<string, string>

const FAMILY = {
  id_keluarga: 'KLG-00000001',
  no_kk: '3175092402120001',
  kode_kelurahan: '3172020004',
  kode_kelurahan_capil: '31.75.09.1004',
  alamat: 'JL. CONTOH NO. 1',
  tanggal_pendataan: '2025-02-23',
  anggota: [
    {
      id_individu: 'IDV-0000000101',
      nik: '3171085203590001',
      nama: 'SITI AMINAH',
      jenis_kelamin: 'P',
      tanggal_lahir: '1959-03-12',
      hubungan: 'Kepala Keluarga',
    },
  ],
}
// Packs to about a hundredth under gzip, so that it passes the limit of unpacked bytes before that of the ratio.
const REPETITIVE = Buffer.from(
  Array.from({ length: 16 }, () => `{"a":"${randomBytes(5000).toString('hex')}"}\n`.repeat(200)).join(''),
)
const LINE = `${JSON.stringify(FAMILY)}\n`

let gateway: TestGateway
let carik: Call

beforeAll(async () => {
  const registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway(
    { LINE_BYTES: '20000', UNPACKED_BYTES: '30000000', BODY_BYTES: '3000000', OPEN_BATCHES: '1000' },
    registry,
  )
  carik = await gateway.caller('carik-jakarta')
})
afterAll(() => gateway[Symbol.asyncDispose]())

/** Everything a refusal may not leave behind. */
async function batchesKept(): Promise<number> {
  const { rows } = await gateway.db.pool.query('select count(*)::int as kept from batch')
  return rows[0].kept
}

const submit = (body: RequestInit['body'], headers: Headers = {}) =>
  push(carik, randomUUID(), body, { dataset: 'carik', ...headers })

async function check(dataset: string, body: string, type = 'application/x-ndjson') {
  const response = await carik(`/v1/datasets/${dataset}/batches?mode=check`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  expect(response.status).toBe(200)
  return (await response.json()) as {
    received: number
    accepted: number
    held: number
    rejected: number
    findings: { line: number; code: string; severity: string; path: string }[]
  }
}

/** What the gateway writes on a connection, byte for byte, to an upload whose body is sent whatever it says. */
async function raw(head: string, body: string, change: Headers = {}): Promise<string> {
  const { hostname, port } = new URL(gateway.url)
  const { dataset = 'carik', ...changed } = change
  const headers: Headers = {
    host: hostname,
    authorization: `Bearer ${carik.token}`,
    'content-type': 'application/x-ndjson',
    'idempotency-key': randomUUID(),
    ...changed,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const rest = changed['content-length'] === undefined ? head : head.replace(/content-length: .*\r\n/, '')
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (piece) => {
    answer += piece.toString()
  })
  socket.write(`POST /v1/datasets/${dataset}/batches HTTP/1.1\r\n${lines.join('')}${rest}\r\n${body}`)
  await once(socket, 'close')
  return answer
}

describe('a request as a whole', () => {
  it.for<[what: string, status: number, code: string, headers: Headers]>([
    ['no token', 401, 'token-missing', { authorization: '' }],
    ['a token of nobody', 401, 'token-invalid', { authorization: 'Bearer a.b.c' }],
    ['another content type', 415, 'type-unsupported', { 'content-type': 'text/csv' }],
    ['no content type that is known', 415, 'type-unsupported', { 'content-type': 'application/xml' }],
    ['another charset', 415, 'type-unsupported', { 'content-type': 'application/x-ndjson; charset=utf-16' }],
    ['an unknown content encoding', 415, 'encoding-unsupported', { 'content-encoding': 'br' }],
    ['two content encodings', 415, 'encoding-unsupported', { 'content-encoding': 'gzip, gzip' }],
    ['an empty key', 400, 'key-missing', { 'idempotency-key': '' }],
    ['a key with a space', 400, 'bad-request', { 'idempotency-key': 'a b' }],
    ['a key whose quotes do not close', 400, 'bad-request', { 'idempotency-key': '"ab' }],
    ['a key of 256 characters', 400, 'bad-request', { 'idempotency-key': 'x'.repeat(256) }],
    [
      'a wrong digest',
      400,
      'digest-mismatch',
      { 'content-digest': 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:' },
    ],
    ['a malformed digest', 400, 'digest-invalid', { 'content-digest': 'sha-256=abc' }],
    ['a digest nobody can check', 400, 'digest-invalid', { 'content-digest': 'md5=:X48E9qOokqqrvdts8nOJRA==:' }],
    [
      'a wrong Repr-Digest',
      400,
      'digest-mismatch',
      { 'repr-digest': 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:' },
    ],
    ['a malformed Repr-Digest', 400, 'digest-invalid', { 'repr-digest': 'sha-256=abc' }],
    ['the obsolete Digest', 400, 'digest-invalid', { digest: 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=' }],
    ['a body that is not what its encoding says', 400, 'body-broken', { 'content-encoding': 'gzip' }],
    ['an unknown dataset', 404, 'dataset-unknown', { dataset: 'tidak-ada' }],
    ["another platform's dataset", 403, 'agreement-missing', { dataset: 'sumedang' }],
  ])('with %s is answered %i %s and leaves nothing', async ([, status, code, headers]) => {
    const before = await batchesKept()
    const response = await submit(LINE, headers)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(await problemOf(response)).toEqual({ status, code })
    expect(await batchesKept()).toBe(before)
  })

  it('names the header of the digest that does not fit, and takes a Repr-Digest that does', async () => {
    const hash = createHash('sha256').update(LINE).digest('base64')
    const right = `sha-256=:${hash}:`
    const wrong = `sha-256=:${createHash('sha256').digest('base64')}:`
    for (const [headers, header, code] of [
      [{ 'content-digest': right, 'repr-digest': wrong }, 'repr-digest', 'mismatch'],
      [{ 'content-digest': wrong, 'repr-digest': right }, 'content-digest', 'mismatch'],
      [{ digest: `SHA-256=${hash}` }, 'digest', 'obsolete'],
    ] as const) {
      const problem = (await (await submit(LINE, headers)).json()) as { detail: string; errors: object[] }
      expect(problem.errors).toEqual([{ pointer: `/headers/${header}`, code }])
      expect(problem.detail).toContain(header)
    }
    expect((await submit(LINE, { 'content-digest': right, 'repr-digest': right })).status).toBe(202)
  })

  it('offers the dataset that was meant', async () => {
    const call = (path: string, method: string) =>
      carik(path, { method, headers: { 'accept-language': 'en' }, ...(method === 'POST' && { body: LINE }) })
    for (const [path, method] of [
      ['/v1/datasets/craik/batches', 'POST'],
      ['/v1/datasets/craik', 'GET'],
    ] as const) {
      const problem = (await (await call(path, method)).json()) as { detail: string }
      expect(problem).toMatchObject({ status: 404, detail: 'Did you mean "carik"?' })
    }
  })

  it('says which types and encodings the dataset takes', async () => {
    for (const [headers, name, takes] of [
      [{ 'content-type': 'text/csv' }, 'accept', 'application/x-ndjson, application/json'],
      [{ 'content-type': 'application/x-ndjson', dataset: 'p3ke-keluarga' }, 'accept', `text/csv, ${XLSX_TYPE}`],
      [{ 'content-encoding': 'br' }, 'accept-encoding', 'gzip, zstd'],
    ] as const) {
      const response = await submit(LINE, headers)
      expect([response.status, response.headers.get(name)]).toEqual([415, takes])
    }
  })

  it('takes gzip under its old name', async () => {
    const response = await submit(new Uint8Array(gzipSync(LINE)), { 'content-encoding': 'X-GZIP' })
    expect(response.status).toBe(202)
  })

  it.for<[what: string, head: string, tail: string]>([
    ['announces', 'trailer: Expires, Content-Digest\r\n', ''],
    ['brings unannounced', '', 'content-digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\r\n'],
    ['brings as Repr-Digest', '', 'repr-digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\r\n'],
  ])('with a digest that its trailer %s is answered 400 digest-invalid and leaves nothing', async ([, head, tail]) => {
    const before = await batchesKept()
    const body = `${Buffer.byteLength(LINE).toString(16)}\r\n${LINE}\r\n0\r\n${tail}\r\n`
    const answer = await raw(`transfer-encoding: chunked\r\n${head}connection: close\r\n`, body)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('/problems/digest-invalid')
    expect(await batchesKept()).toBe(before)
  })

  it('with another trailer is taken', async () => {
    const body = `${Buffer.byteLength(LINE).toString(16)}\r\n${LINE}\r\n0\r\nx-note: 1\r\n\r\n`
    const answer = await raw('transfer-encoding: chunked\r\ntrailer: X-Note\r\nconnection: close\r\n', body)
    expect(answer).toMatch(/^HTTP\/1.1 202 /)
  })

  it('is asked for its body only after credentials, dataset, type, size and key were looked at', async () => {
    const waiting = `expect: 100-continue\r\ncontent-length: ${Buffer.byteLength(LINE)}\r\nconnection: close\r\n`
    const taken = await raw(waiting, LINE)
    expect(taken).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 202 /)
    for (const [change, status] of [
      [{ authorization: 'Bearer a.b.c' }, 401],
      [{ dataset: 'tidak-ada' }, 404],
      [{ dataset: 'sumedang' }, 403],
      [{ 'content-type': 'text/csv' }, 415],
      [{ 'content-encoding': 'br' }, 415],
      [{ 'content-digest': 'x' }, 400],
      [{ 'idempotency-key': 'a b' }, 400],
      [{ 'content-length': '4000000' }, 413],
    ] as const)
      expect(await raw(waiting, '', change)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('without a key is answered 400 key-missing', async () => {
    const response = await carik('/v1/datasets/carik/batches', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: LINE,
    })
    expect(await problemOf(response)).toEqual({ status: 400, code: 'key-missing' })
  })

  it('with a token that lacks the scope is answered 403 scope-missing', async () => {
    const reader = await gateway.caller('carik-jakarta', ['batches:read'])
    const response = await push(reader, 'kunci', LINE, { dataset: 'carik' })
    expect(response.headers.get('www-authenticate')).toContain('insufficient_scope')
    expect(await problemOf(response)).toEqual({ status: 403, code: 'scope-missing' })
  })

  it('with a parameter that is not in the contract is answered 400 bad-request', async () => {
    expect(await problemOf(await carik('/v1/batches?platform=sumedang'))).toEqual({ status: 400, code: 'bad-request' })
    expect(await problemOf(await carik('/v1/batches?limit=0x10'))).toEqual({ status: 400, code: 'bad-request' })
  })

  it.for<[what: string, body: string, headers: Headers]>([
    ['nothing', '', {}],
    ['blank lines', '\n\n', {}],
    ['an empty array', '[]', { 'content-type': 'application/json' }],
  ])('with a body of %s is answered 400 body-empty', async ([, body, headers]) => {
    expect(await problemOf(await submit(body, headers))).toEqual({ status: 400, code: 'body-empty' })
  })

  it('answers in the language that is asked for', async () => {
    const titles = await Promise.all(
      ['', 'en', 'fr, en;q=0.5', 'id'].map(async (language) => {
        const response = await submit('', { 'accept-language': language })
        return ((await response.json()) as { title: string }).title
      }),
    )
    expect(titles).toEqual(['Kiriman kosong', 'The body is empty', 'The body is empty', 'Kiriman kosong'])
  })
})

describe('an upload', () => {
  it.for<[what: string, head: string[], body: string]>([
    ['shorter than its Content-Length', ['content-length: 100000'], LINE],
    ['without its last chunk', ['transfer-encoding: chunked'], `${LINE.length.toString(16)}\r\n${LINE}\r\n`],
  ])('%s is discarded, and its key is free again', async ([, head, body]) => {
    const before = await batchesKept()
    const key = randomUUID()
    const { hostname, port } = new URL(gateway.url)
    const socket = connect(Number(port), hostname)
    const lines = ['POST /v1/datasets/carik/batches HTTP/1.1', 'host: x', `authorization: Bearer ${carik.token}`]
    socket.write(
      [...lines, 'content-type: application/x-ndjson', `idempotency-key: ${key}`, ...head, '', body].join('\r\n'),
    )
    await until(async () => (await batchesKept()) === before + 1)
    socket.destroy()
    await until(async () => (await batchesKept()) === before)
    expect((await push(carik, key, LINE, { dataset: 'carik' })).status).toBe(202)
  })

  it.for<[what: string, body: Buffer, encoding: string]>([
    ['cut off under gzip', gzipSync(LINE).subarray(0, -6), 'gzip'],
    ['cut off under zstd', zstdCompressSync(LINE).subarray(0, -3), 'zstd'],
    ['two gzip members, one cut off', Buffer.concat([gzipSync(LINE), gzipSync(LINE).subarray(0, -6)]), 'gzip'],
    ['gzip with something behind', Buffer.concat([gzipSync(LINE), Buffer.from('x')]), 'gzip'],
  ])('of %s is answered 400 body-broken', async ([, body, encoding]) => {
    const response = await submit(new Uint8Array(body), { 'content-encoding': encoding })
    expect(await problemOf(response)).toEqual({ status: 400, code: 'body-broken' })
  })

  it.for<[what: string, body: Buffer, encoding: string]>([
    ['gzip by its ratio', gzipSync(Buffer.alloc(12_000_000)), 'gzip'],
    ['zstd by its ratio', zstdCompressSync(Buffer.alloc(12_000_000)), 'zstd'],
    ['gzip by its size', gzipSync(REPETITIVE), 'gzip'],
    ['zstd by its size', zstdCompressSync(REPETITIVE), 'zstd'],
  ])('that is a bomb in %s is answered 413 body-bomb', async ([, body, encoding]) => {
    const before = await batchesKept()
    const response = await submit(new Uint8Array(body), { 'content-encoding': encoding })
    expect(await problemOf(response)).toEqual({ status: 413, code: 'body-bomb' })
    expect(await batchesKept()).toBe(before)
  })

  it('larger than the limit is answered 413 body-too-large, whether or not it says so first', async () => {
    const body = 'x'.repeat(3_000_001)
    expect(await problemOf(await submit(body))).toEqual({ status: 413, code: 'body-too-large' })
    const stream = new Blob([body]).stream()
    const streamed = await carik('/v1/datasets/carik/batches', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() },
      body: stream,
      duplex: 'half',
    })
    expect(await problemOf(streamed)).toEqual({ status: 413, code: 'body-too-large' })
  })

  it('whose CSV header does not fit is answered 422 csv-header, with the columns', async () => {
    const response = await submit('a,b\n1,2\n', { dataset: 'p3ke-keluarga', 'content-type': 'text/csv' })
    const problem = (await response.json()) as {
      type: string
      status: number
      errors: { pointer: string; code: string }[]
    }
    expect(problem).toMatchObject({ type: '/problems/csv-header', status: 422 })
    expect(problem.errors.slice(0, 3)).toEqual([
      { pointer: '/header/0', code: 'column-unknown' },
      { pointer: '/header/1', code: 'column-unknown' },
      { pointer: '/columns/id_keluarga_p3ke', code: 'column-missing' },
    ])
  })
})

describe('a line', () => {
  it.for<[what: string, line: string | Buffer, code: string, verdict: 'accepted' | 'rejected' | 'held']>([
    ['that is too long', `{"alamat":"${'x'.repeat(20_000)}"}\n`, 'line-too-long', 'rejected'],
    ['that is no JSON', '{"id_keluarga":\n', 'json-invalid', 'rejected'],
    ['with a name twice', LINE.replace('"alamat"', '"no_kk":"1","alamat"'), 'json-duplicate-key', 'held'],
    ['with __proto__', LINE.replace('"alamat"', '"__proto__":{"x":1},"alamat"'), 'json-forbidden-key', 'held'],
    [
      'with __proto__ behind an escape',
      LINE.replace('"alamat"', '"\\u005f_proto__":{"x":1},"alamat"'),
      'json-forbidden-key',
      'held',
    ],
    ['with a NIK as a number', LINE.replace('"3171085203590001"', '3171085203590001'), 'nik-number', 'accepted'],
    [
      "of a village outside the platform's scope",
      LINE.replace('3172020004', '3510010001').replace('31.75.09.1004', '35.10.01.2001'),
      'region-out-of-scope',
      'rejected',
    ],
  ])('%s is a finding of that line only', async ([, line, code, verdict]) => {
    const report = await check(
      'carik',
      `${line}${LINE.replace('KLG-00000001', 'KLG-00000002').replace('IDV-0000000101', 'IDV-0000000201')}`,
    )
    expect(report.findings.filter((finding) => finding.line === 1).map((finding) => finding.code)).toContain(code)
    expect(report.findings.filter((finding) => finding.line === 2 && finding.severity !== 'warning')).toEqual([])
    expect(report.received).toBe(2)
    expect(report[verdict]).toBe(verdict === 'accepted' ? 2 : 1)
  })

  it('that is not UTF-8 is a finding of that line only', async () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from(`"}\n${LINE}`)])
    const response = await carik('/v1/datasets/carik/batches?mode=check', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: new Uint8Array(body),
    })
    const report = (await response.json()) as {
      received: number
      rejected: number
      findings: { line: number; code: string }[]
    }
    expect(report).toMatchObject({ received: 2, rejected: 1 })
    expect(report.findings[0]).toMatchObject({ line: 1, code: 'utf8-invalid' })
  })

  it('of a CSV with too few or too many cells is a finding of that line only', async () => {
    const format = gateway.datasets.get('p3ke-keluarga')?.format
    const columns = format?.kind === 'csv' ? format.columns : []
    const row = columns.map((_, at) => (at === 1 ? 'x' : '')).join(',')
    const report = await check('p3ke-keluarga', `${columns.join(',')}\n${row},\n${row.slice(1)}\n${row}\n`, 'text/csv')
    expect(report.findings.filter(({ code }) => code.startsWith('csv-')).map(({ line, code }) => [line, code])).toEqual(
      [
        [2, 'csv-ragged-long'],
        [3, 'csv-ragged-short'],
      ],
    )
    expect(report.received).toBe(3)
  })
})
