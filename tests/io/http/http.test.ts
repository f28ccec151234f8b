import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TitianError } from '../../../src/domain/error.ts'
import { problemHandling, serverOptions } from '../../../src/io/http/http.ts'
import { problemRoutes } from '../../../src/io/http/problem.route.ts'
import { openLog } from '../../../src/io/observe/log.ts'

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
  app.get('/busy', () => Promise.reject(new TitianError('too-many', undefined, { retryAfterSeconds: 7 })))
  app.get('/broken', () => Promise.reject(new Error(`nobody may read ${SECRET}`)))
  app.get('/away', () => Promise.reject(Object.assign(new Error('no'), { code: '57P03' })))
  await app.listen({ port: 0, host: '127.0.0.1' })
})

afterAll(() => app.close())

const post = (payload: unknown) =>
  app.inject({ method: 'POST', url: '/things/1', payload: payload as object, headers: { 'accept-language': 'en' } })

/** What the server says to bytes that no client library would send. */
async function rawAnswer(text: string): Promise<string> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  let answer = ''
  socket.on('data', (piece) => {
    answer += piece.toString()
  })
  socket.end(text)
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
    ['headers of 20 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'header-too-large'],
  ])('cover %s', async (_name, bytes, status, code) => {
    const answer = await rawAnswer(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain(`"/problems/${code}"`)
    expect(answer).toContain('application/problem+json')
  })

  it('explain themselves, each under its own address', async () => {
    const { problems: listed } = (await app.inject('/problems')).json<{ problems: { code: string }[] }>()
    for (const { code } of listed) expect((await app.inject(`/problems/${code}`)).json()).toMatchObject({ code })
    const page = await app.inject({ url: '/problems/key-missing', headers: { accept: 'text/html' } })
    expect(page.body).toContain('Idempotency-Key wajib diisi')
    expect((await app.inject('/problems/constructor')).statusCode).toBe(404)
  })
})
