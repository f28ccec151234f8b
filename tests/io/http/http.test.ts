import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TitianError } from '../../../src/domain/error.ts'
import { problemHandling, serverOptions } from '../../../src/io/http/http.ts'
import { problemRoutes } from '../../../src/io/http/problem.route.ts'
import { openLog } from '../../../src/io/observe/log.ts'

const SLOW = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 }
const SECRET = '3171010101900001'
let app: FastifyInstance

beforeAll(async () => {
  app = Fastify(serverOptions(openLog({ LOG_LEVEL: 'silent' }, 'test')))
  await app.register(problemHandling)
  await app.register(problemRoutes)
  app.post(
    '/things/:id',
    {
      schema: {
        body: {
          type: 'object',
          required: ['count'],
          additionalProperties: false,
          properties: { count: { type: 'integer' }, name: { type: 'string', maxLength: 3 } },
        },
      },
    },
    async () => ({ ok: true }),
  )
  app.post('/packed', { config: { unpacks: true } }, async ({ body }) => ({ got: body }))
  app.post('/order', async ({ body }) => ({ got: body ?? null }))
  app.get('/busy', () => Promise.reject(new TitianError('too-many', undefined, { retryAfterSeconds: 7 })))
  app.get('/broken', () => Promise.reject(new Error(`nobody may read ${SECRET}`)))
  app.get('/away', () => Promise.reject(Object.assign(new Error('no'), { code: '57P03' })))
  await app.listen({ port: 0, host: '127.0.0.1' })
})

afterAll(() => app.close())

const post = (payload: unknown) =>
  app.inject({ method: 'POST', url: '/things/1', payload: payload as object, headers: { 'accept-language': 'en' } })

function portOf({ server }: FastifyInstance): number {
  return (server.address() as AddressInfo).port
}

/** What the server says to bytes that no client library would send. */
async function rawAnswer(text: string, { port = portOf(app), ends = true } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (piece) => {
    answer += piece.toString()
  })
  if (ends) socket.end(text)
  else socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('problems', () => {
  it.each([
    ['a missing member', {}, [{ pointer: '/body/count', code: 'required' }]],
    ['a text for a number, which is not coerced', { count: '3' }, [{ pointer: '/body/count', code: 'type' }]],
    [
      'an unknown member, whose name stays untold',
      { count: 1, [SECRET]: 1 },
      [{ pointer: '/body', code: 'additionalProperties' }],
    ],
    [
      'a value that is too long, which stays untold',
      { count: 1, name: SECRET },
      [{ pointer: '/body/name', code: 'maxLength' }],
    ],
  ])('name the place of %s', async (_name, payload, errors) => {
    const answer = await post(payload)
    expect([answer.statusCode, answer.json().errors]).toEqual([400, errors])
    expect(answer.body).not.toContain(SECRET)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  it.each([
    ['GET', '/nothing', 404, 'not-found'],
    ['DELETE', '/things/1', 405, 'method-not-allowed'],
    ['POST', '/busy', 405, 'method-not-allowed'],
    ['GET', '/busy', 429, 'too-many'],
    ['GET', '/broken', 500, 'internal'],
    ['GET', '/away', 503, 'unavailable'],
    ['GET', '/%zz', 400, 'bad-request'],
  ] as const)('answer %s %s with %i %s', async (method, url, status, code) => {
    const answer = await app.inject({ method, url })
    expect(answer.json()).toMatchObject({ type: `/problems/${code}`, status, title: expect.any(String) })
    expect([answer.statusCode, answer.headers['cache-control'], answer.headers['x-content-type-options']]).toEqual([
      status,
      'no-store',
      'nosniff',
    ])
    expect(answer.body).not.toContain(SECRET)
  })

  it('say when to come again, and which methods there are', async () => {
    expect((await app.inject('/busy')).headers['retry-after']).toBe('7')
    expect((await app.inject('/away')).headers['retry-after']).toBe('5')
    expect((await app.inject({ method: 'PUT', url: '/things/1' })).headers.allow).toBe('POST')
  })

  it.each([
    [{ 'content-type': 'text/xml' }, '<a/>', 415, 'type-unsupported'],
    [{ 'content-type': 'application/json' }, '{', 400, 'bad-request'],
    [{ 'content-type': 'application/json' }, `"${'x'.repeat(70_000)}"`, 413, 'body-too-large'],
    [{ 'content-type': 'application/json' }, '{"count":1,"__proto__":{}}', 400, 'bad-request'],
  ])('cover what the framework refuses: %o', async (headers, payload, status, code) => {
    const answer = await app.inject({ method: 'POST', url: '/things/1', headers, payload })
    expect([answer.statusCode, answer.json().type]).toEqual([status, `/problems/${code}`])
  })

  it.each([
    ['en', 'Not found'],
    ['id', 'Tidak ditemukan'],
    ['fr', 'Tidak ditemukan'],
    ['fr, en;q=0.5, id;q=0.4', 'Not found'],
    ['en;q=0.2, id', 'Tidak ditemukan'],
    [undefined, 'Tidak ditemukan'],
  ])('speak by Accept-Language %s: %s', async (language, title) => {
    const answer = await app.inject({ url: '/nothing', headers: language ? { 'accept-language': language } : {} })
    expect(answer.json().title).toBe(title)
  })

  it('say in which language they speak, and that another header would have changed it', async () => {
    for (const [url, language] of [
      ['/nothing', 'in'],
      ['/busy', 'en'],
      ['/%zz', 'en-GB'],
    ] as const) {
      const { headers } = await app.inject({ url, headers: { 'accept-language': language } })
      expect([headers['content-language'], headers.vary]).toEqual([language === 'in' ? 'id' : 'en', 'accept-language'])
    }
  })

  it.each([
    ['text/html', 'text/html; charset=utf-8'],
    ['text/html;q=0.5, application/json;q=0.6', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['image/png', 'application/problem+json; charset=utf-8'],
  ])('explain themselves to Accept %s as %s', async (accept, type) => {
    const answer = await app.inject({ url: '/problems/key-missing', headers: { accept } })
    expect([answer.headers['content-type'], answer.statusCode]).toEqual([type, accept === 'image/png' ? 406 : 200])
    expect(answer.headers.vary).toMatch(/^accept/)
  })

  it('name what would have been taken', async () => {
    const xml = await app.inject({
      method: 'POST',
      url: '/things/1',
      headers: { 'content-type': 'text/xml' },
      payload: '<a/>',
    })
    expect(xml.headers.accept).toBe('application/json')
    const plain = await app.inject({
      method: 'POST',
      url: '/things/1',
      headers: { 'content-type': 'text/plain' },
      payload: 'a',
    })
    expect([plain.statusCode, plain.headers.accept]).toEqual([415, 'application/json'])
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const packed = await app.inject({ method: 'POST', url: '/things/1', headers, payload: 'x' })
    expect([packed.statusCode, packed.json().type]).toEqual([415, '/problems/encoding-unsupported'])
    expect(packed.headers['accept-encoding']).toBe('identity')
  })

  it.each([
    ['a NUL in the path', 'GET', '/things/%00', undefined],
    ['a NUL in the query', 'GET', '/busy?a=%00', undefined],
    ['a NUL in a text', 'POST', '/things/1', '{"count":1,"name":"\\u0000"}'],
  ] as const)('refuse %s', async (_name, method, url, payload) => {
    const headers = payload === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/bad-request'])
  })

  it('take the escape of a backslash before four digits for what it is', async () => {
    const payload = '{"count":1,"name":"\\\\u0000"}'
    const headers = { 'content-type': 'application/json' }
    const answer = await app.inject({ method: 'POST', url: '/things/1', headers, payload })
    expect(answer.json().errors).toEqual([{ pointer: '/body/name', code: 'maxLength' }])
  })

  it.each([
    ['bytes that are no HTTP', 'HELLO\r\n\r\n', 400, 'bad-request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'bad-request',
    ],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'bad-request',
    ],
    ['no host', 'GET /busy HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
    ['two hosts', 'GET /busy HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
    [
      'the same host twice',
      'GET /busy HTTP/1.1\r\nHost: a\r\nhost: a\r\nConnection: close\r\n\r\n',
      400,
      'bad-request',
    ],
    ['a host that is none', 'GET /busy HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
    [
      'two credentials',
      'GET /busy HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nConnection: close\r\n\r\n',
      400,
      'bad-request',
    ],
    [
      'an unknown transfer coding',
      'POST /things/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
      501,
      'coding-unknown',
    ],
    [
      'an unknown transfer coding alone',
      'POST /things/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: foo\r\n\r\n',
      501,
      'coding-unknown',
    ],
    [
      'an unknown expectation',
      'POST /things/1 HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      417,
      'expectation-failed',
    ],
    ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method-not-allowed'],
    ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'header-too-large'],
  ])('cover %s', async (_name, bytes, status, code) => {
    const answer = await rawAnswer(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain(`"/problems/${code}"`)
    expect(answer).toContain('application/problem+json')
  })

  it('cover a request that is too slow', async () => {
    await using slow = Fastify({ ...serverOptions(openLog({ LOG_LEVEL: 'silent' }, 'test')), http: SLOW })
    await slow.register(problemHandling)
    await slow.listen({ port: 0, host: '127.0.0.1' })
    const answer = await rawAnswer('GET / HTTP/1.1\r\nHost: a\r\n', { port: portOf(slow), ends: false })
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('"/problems/request-slow"')
  })

  it('are the same for an address that is sent whole', async () => {
    const answer = await rawAnswer('GET http://a/busy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(answer).toContain('"/problems/too-many"')
  })

  it('cover a body that stops coming, but not an answer that takes its time', async () => {
    await using slow = Fastify({ ...serverOptions(openLog({ LOG_LEVEL: 'silent' }, 'test')), connectionTimeout: 100 })
    await slow.register(problemHandling)
    slow.post('/order', async () => 'taken')
    slow.get('/long', () => new Promise((resolve) => setTimeout(() => resolve('done'), 400)))
    await slow.listen({ port: 0, host: '127.0.0.1' })
    const head = 'POST /order HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'
    const stalled = await rawAnswer(head, { port: portOf(slow), ends: false })
    expect(stalled).toMatch(/^HTTP\/1.1 408 /)
    expect(stalled).toContain('"/problems/request-slow"')
    const idle = rawAnswer('GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', {
      port: portOf(slow),
      ends: false,
    })
    expect(await idle).toContain('done')
  })

  it('explain themselves, each under its own address', async () => {
    const { problems: listed } = (await app.inject('/problems')).json<{ problems: { code: string }[] }>()
    for (const { code } of listed) expect((await app.inject(`/problems/${code}`)).json()).toMatchObject({ code })
    const page = await app.inject({ url: '/problems/key-missing', headers: { accept: 'text/html' } })
    expect(page.body).toContain('Idempotency-Key wajib diisi')
    expect((await app.inject('/problems/constructor')).statusCode).toBe(404)
  })
})

describe('a body', () => {
  it.each([
    ['application/json', ''],
    ['application/x-www-form-urlencoded', ''],
    ['text/plain', ''],
    ['application/json', '{"a":1}'],
  ])('of type %s that is "%s" is fine where none is needed', async (type, payload) => {
    const answer = await app.inject({ method: 'POST', url: '/order', headers: { 'content-type': type }, payload })
    expect([answer.statusCode, answer.json()]).toEqual([200, { got: payload === '' ? null : JSON.parse(payload) }])
  })

  it('that is packed reaches a route that unpacks it itself, and no other', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const ask = async (url: string) =>
      (await app.inject({ method: 'POST', url, headers, payload: '{"a":1}' })).statusCode
    expect([await ask('/packed'), await ask('/order')]).toEqual([200, 415])
  })

  it('that is chunked and empty is fine where none is needed', async () => {
    const head = 'POST /order HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n'
    expect(await rawAnswer(`${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toContain('{"got":null}')
  })

  it('that is empty is refused where one is needed', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/things/1',
      headers: { 'content-type': 'application/json' },
    })
    expect([answer.statusCode, answer.json().type]).toEqual([400, '/problems/bad-request'])
  })

  it.each([
    ['what will be read is asked for', '/order', 'application/json', 2, 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK'],
    ['another type is not', '/order', 'text/xml', 2, 'HTTP/1.1 415 '],
    ['what is too large is not', '/order', 'application/json', 70_000, 'HTTP/1.1 413 '],
    ['what goes nowhere is not', '/nothing', 'application/json', 2, 'HTTP/1.1 404 '],
  ])('that a client waits with: %s', async (_name, path, type, length, begins) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n`
    const answer = await rawAnswer(`${head}Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n{}`)
    expect(answer.slice(0, begins.length)).toBe(begins)
  })

  it('that was not asked for ends the connection with its refusal', async () => {
    const head =
      'POST /order HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\n'
    const answer = await rawAnswer(head, { ends: false })
    expect(answer).toMatch(/^HTTP\/1.1 415 [\s\S]*connection: close/i)
  })
})

it('a gateway whose public address has a path answers under it and without it, and sends people back under it', async () => {
  await using inner = Fastify(serverOptions(openLog({ LOG_LEVEL: 'silent' }, 'test'), { basePath: '/gerbang' }))
  await inner.register(problemHandling, { basePath: '/gerbang' })
  inner.get('/made', async (_request, reply) =>
    reply.header('location', '/thing').header('link', '</next>; rel="next"').send('x'),
  )
  for (const [url, status] of [
    ['/made', 200],
    ['/gerbang/made?a=1', 200],
    ['/gerbangmade', 404],
    ['/gerbang/gerbang/made', 404],
  ] as const) {
    const { statusCode, headers } = await inner.inject(url)
    expect(statusCode).toBe(status)
    if (status === 200)
      expect([headers.location, headers.link]).toEqual(['/gerbang/thing', '</gerbang/next>; rel="next"'])
  }
  expect((await inner.inject('/gerbangmade')).json().type).toBe('/gerbang/problems/not-found')
  expect((await inner.inject('/%zz')).json().type).toBe('/gerbang/problems/bad-request')
  await inner.listen({ port: 0, host: '127.0.0.1' })
  for (const [bytes, code] of [
    ['GARBAGE\r\n\r\n', 'bad-request'],
    ['CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 'method-not-allowed'],
  ] as const)
    expect(await rawAnswer(bytes, { port: portOf(inner) })).toContain(`"/gerbang/problems/${code}"`)
})
