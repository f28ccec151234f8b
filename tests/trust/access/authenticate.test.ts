import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { authenticate } from '../../../src/trust/access/authenticate.ts'
import { disableClient } from '../../../src/trust/access/client.sql.ts'
import { createLogin } from '../../../src/trust/access/login.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { basicOf, type Door, openDoor } from './door.ts'

function routes(app: FastifyInstance): void {
  app.get('/mine', { config: { scope: 'batches:read' } }, async (request) => request.caller)
  app.get('/either', { config: { scope: ['batches:read', 'ops'] } }, async ({ caller }) => caller.client)
  app.post('/act', { config: { scope: 'ops', basic: true } }, async ({ caller }) => caller.client)
  app.get('/page', { config: { scope: 'ops', basic: true } }, async ({ caller }) => caller.client)
  app.get('/open', { config: { public: 'anybody may see it' } }, async () => 'hello')
  app.get('/confused', { config: { public: 'it asks who is there all the same' } }, async ({ caller }) => caller)
}

let door: Door
beforeAll(async () => {
  door = await openDoor({}, routes)
  return () => door[Symbol.asyncDispose]()
})

describe('a route', () => {
  it('without a scope or a reason to be open stops the start', async () => {
    await expect(openDoor({}, (app) => app.get('/forgotten', async () => ''))).rejects.toThrow(
      'routes with neither config.scope nor config.public, a reason to be open: GET /forgotten',
    )
    await expect(openDoor({}, (app) => app.get('/none', { config: { scope: [] } }, async () => ''))).rejects.toThrow(
      'GET /none',
    )
  })

  it('in a nested plugin without a scope stops the start too', async () => {
    await expect(
      openDoor({}, (app) =>
        app.register(
          (inner, _options, done) => {
            inner.post('/deep', async () => '')
            done()
          },
          { prefix: '/v1' },
        ),
      ),
    ).rejects.toThrow('POST /v1/deep')
  })

  it('refuses everybody who brings no token, with the challenge of RFC 6750', async () => {
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Token abc', 'Basic YTpi', 'Bearer a b']) {
      const answer = await door.app.inject({
        url: '/mine',
        headers: { ...(authorization !== undefined && { authorization }) },
      })
      expect([answer.statusCode, answer.json(), answer.headers['www-authenticate']]).toEqual([
        401,
        { code: 'token-missing' },
        'Bearer realm="titian"',
      ])
    }
  })

  it('refuses a token that is wrong and says so', async () => {
    const { bearer } = await door.client('carik-jakarta', ['batches:read'])
    const answer = await door.app.inject({ url: '/mine', headers: { authorization: `${bearer.slice(0, -4)}AAAA` } })
    expect([answer.statusCode, answer.json(), answer.headers['www-authenticate']]).toEqual([
      401,
      { code: 'token-invalid' },
      'Bearer realm="titian", error="invalid_token"',
    ])
  })

  it('says in the log who was refused and why, with the address and never the token', async () => {
    const { id, token } = await door.client('carik-jakarta', ['batches:read'])
    door.log.length = 0
    await door.app.inject({ url: '/page', headers: { authorization: `Bearer ${token}` } })
    await door.app.inject({ url: '/mine', headers: { authorization: `Bearer ${token}x` } })
    await door.app.inject({ url: '/mine' })
    const lines = door.log.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ code, address }) => [code, address])).toEqual([
      ['scope-missing', '127.0.0.1'],
      ['token-invalid', '127.0.0.1'],
    ])
    expect(lines[0]?.reason).toContain(id)
    expect(door.log.join('')).not.toContain(token)
  })

  it('tells its handler who calls', async () => {
    const { id, bearer } = await door.client('carik-jakarta', ['batches:read'])
    const answer = await door.app.inject({ url: '/mine', headers: { authorization: bearer } })
    expect(answer.json()).toEqual({ client: id, platform: 'carik-jakarta', scopes: ['batches:read'] })
  })

  it('refuses a caller without its scope, and takes any one of several', async () => {
    const carik = await door.client('carik-jakarta', ['batches:write'])
    const ops = await door.client(null, ['ops'])
    const refused = await door.app.inject({ url: '/either', headers: { authorization: carik.bearer } })
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
      403,
      'Bearer realm="titian", error="insufficient_scope", scope="batches:read ops"',
    ])
    const taken = await door.app.inject({ url: '/either', headers: { authorization: ops.bearer } })
    expect([taken.statusCode, taken.body]).toEqual([200, ops.id])
  })

  it('refuses the next request of a client that was disabled, changed or narrowed', async () => {
    const ask = async (authorization: string) =>
      (await door.app.inject({ url: '/mine', headers: { authorization } })).statusCode
    const carik = await door.client('carik-jakarta', ['batches:read'])
    const other = await door.client('carik-jakarta', ['batches:read'])
    const narrow = await door.client('carik-jakarta', ['batches:read'])
    expect(await Promise.all([ask(carik.bearer), ask(other.bearer), ask(narrow.bearer)])).toEqual([200, 200, 200])
    await disableClient(door.db.pool, carik.id)
    await door.db.pool.query(`update client set platform = 'sumedang' where id = $1`, [other.id])
    await door.db.pool.query(`update client set scopes = '{batches:write}' where id = $1`, [narrow.id])
    expect(await Promise.all([ask(carik.bearer), ask(other.bearer), ask(narrow.bearer)])).toEqual([401, 401, 403])
  })

  it('guards its HEAD as its GET', async () => {
    expect((await door.app.inject({ method: 'HEAD', url: '/mine' })).statusCode).toBe(401)
    expect((await door.app.inject({ method: 'HEAD', url: '/open' })).statusCode).toBe(200)
  })

  it('answers everybody when it is public, but has no caller then', async () => {
    expect((await door.app.inject('/open')).body).toBe('hello')
    expect((await door.app.inject('/confused')).statusCode).toBe(500)
  })

  it('that does not exist is 404 with and without a token', async () => {
    expect((await door.app.inject('/nothing')).statusCode).toBe(404)
    expect((await door.app.inject({ method: 'DELETE', url: '/mine' })).statusCode).toBe(404)
  })

  it('fails closed when the database does not answer', async () => {
    const { bearer } = await door.client('carik-jakarta', ['batches:read'])
    const gone = openPool('postgres://nobody@127.0.0.1:1/nothing', 1)
    const login = createLogin(gone, openVault(door.ring))
    await using cut = fastify()
    await cut.register(authenticate, { db: gone, tokens: door.tokens, login, senders: door.senders })
    routes(cut)
    expect((await cut.inject({ url: '/mine', headers: { authorization: bearer } })).statusCode).toBe(500)
    await gone.end()
  })
})

describe('a page of the console', () => {
  it('lets a browser log in with id and secret', async () => {
    const ops = await door.client(null, ['ops'])
    const asked = await door.app.inject('/page')
    expect([asked.statusCode, asked.headers['www-authenticate']]).toEqual([
      401,
      ['Bearer realm="titian"', 'Basic realm="titian", charset="UTF-8"'],
    ])
    const entered = await door.app.inject({ url: '/page', headers: { authorization: basicOf(ops) } })
    expect([entered.statusCode, entered.body]).toEqual([200, ops.id])
    const wrong = basicOf({ id: ops.id, secret: 'x' })
    expect((await door.app.inject({ url: '/page', headers: { authorization: wrong } })).statusCode).toBe(401)
    expect((await door.app.inject({ url: '/mine', headers: { authorization: basicOf(ops) } })).statusCode).toBe(401)
  })

  it('does not act for another site, to which the browser gives the same credentials', async () => {
    const authorization = basicOf(await door.client(null, ['ops']))
    const act = async (site: string) =>
      (await door.app.inject({ method: 'POST', url: '/act', headers: { authorization, 'sec-fetch-site': site } }))
        .statusCode
    expect([await act('same-origin'), await act('cross-site'), await act('same-site')]).toEqual([200, 401, 401])
  })

  it('stops guessing', async () => {
    const { id } = await door.client(null, ['ops'])
    const authorization = basicOf({ id, secret: 'x' })
    const statuses: number[] = []
    for (let i = 0; i < 11; i++)
      statuses.push((await door.app.inject({ url: '/page', headers: { authorization } })).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
  })
})

describe('routes of other plugins', () => {
  const docs = async (app: FastifyInstance) => {
    await app.register(swaggerUi, { routePrefix: '/docs' })
    app.get('/either', { config: { scope: ['batches:read', 'ops'] } }, async () => '')
    app.get('/open', { config: { public: 'anybody may see it' }, schema: { summary: 'open' } }, async () => '')
  }

  it('get their access by prefix, or stop the start', async () => {
    await expect(openDoor({}, docs)).rejects.toThrow('GET /docs')
    await using open = await openDoor({ '/docs': { public: 'the contract is public' } }, docs)
    expect((await open.app.inject('/docs/json')).statusCode).toBe(200)
    await using closed = await openDoor({ '/docs': { scope: 'ops', basic: true } }, docs)
    expect((await closed.app.inject('/docs/json')).statusCode).toBe(401)
    expect((await closed.app.inject('/docs/static/index.html')).statusCode).toBe(401)
    const authorization = basicOf(await closed.client(null, ['ops']))
    expect((await closed.app.inject({ url: '/docs/json', headers: { authorization } })).statusCode).toBe(200)
  })

  it('show in OpenAPI what every route demands', async () => {
    await using door = await openDoor({ '/docs': { public: 'the contract is public' } }, docs)
    const { paths } = door.app.swagger() as { paths: Record<string, { get: { security: object[] } }> }
    expect(paths['/either']?.get.security).toEqual([{ oauth: ['batches:read'] }, { oauth: ['ops'] }])
    expect(paths['/open']?.get.security).toEqual([])
  })
})
