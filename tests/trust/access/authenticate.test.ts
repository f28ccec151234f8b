import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { authenticate } from '../../../src/trust/access/authenticate.ts'
import { disableClient } from '../../../src/trust/access/client.sql.ts'
import { insertAccountSession } from '../../../src/trust/people/account-session.sql.ts'
import { basicOf, type Door, openDoor } from './door.ts'

function routes(app: FastifyInstance): void {
  app.get('/mine', { config: { scope: 'batches:read' } }, async (request) => request.caller)
  app.get('/either', { config: { scope: ['batches:read', 'ops'] } }, async ({ caller }) => caller.client)
  app.post('/act', { config: { scope: 'ops', page: true } }, async ({ caller }) => caller.client)
  app.get('/page', { config: { scope: 'ops', page: true } }, async ({ caller }) => caller.client)
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
    const { token } = await door.client('carik-jakarta', ['batches:read'])
    const writer = await door.client('carik-jakarta', ['batches:write'])
    door.log.length = 0
    await door.app.inject({ url: '/either', headers: { authorization: `Bearer ${writer.token}` } })
    await door.app.inject({ url: '/mine', headers: { authorization: `Bearer ${token}x` } })
    await door.app.inject({ url: '/mine' })
    const lines = door.log.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ code, address }) => [code, address])).toEqual([
      ['scope-missing', '127.0.0.1'],
      ['token-invalid', '127.0.0.1'],
    ])
    expect(lines[0]?.reason).toContain(writer.id)
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
    await using cut = fastify()
    await cut.register(authenticate, { db: gone, tokens: door.tokens, senders: door.senders })
    routes(cut)
    expect((await cut.inject({ url: '/mine', headers: { authorization: bearer } })).statusCode).toBe(500)
    await gone.end()
  })
})

describe('a page of the console', () => {
  it('lets in who signed in and has the role, and nobody by a token or a password', async () => {
    const ops = await door.person(['ops'])
    const page = (headers: Record<string, string>) => door.app.inject({ url: '/page', headers })
    const asked = await page({})
    expect([asked.statusCode, asked.headers['www-authenticate']]).toEqual([401, 'Bearer realm="titian"'])
    const entered = await page({ cookie: ops.cookie })
    expect([entered.statusCode, entered.body]).toEqual([200, ops.id])
    const { cookie } = await door.person(['viewer', 'auditor'])
    expect((await page({ cookie })).statusCode).toBe(403)
    const client = await door.client(null, ['ops'])
    for (const authorization of [client.bearer, basicOf(client)])
      expect((await page({ authorization })).statusCode).toBe(401)
    const mine = { url: '/either', headers: { cookie: ops.cookie } }
    expect((await door.app.inject(mine)).statusCode).toBe(401)
  })

  it('knows nobody any more whose session ended, was idle, or whose account is disabled', async () => {
    const status = async ({ cookie }: { cookie: string }) =>
      (await door.app.inject({ url: '/page', headers: { cookie } })).statusCode
    const [old, idle, disabled] = [await door.person(['ops']), await door.person(['ops']), await door.person(['ops'])]
    for (const one of [old, idle, disabled]) expect(await status(one)).toBe(200)
    const { pool } = door.db
    await pool.query("update account_session set created_at = now() - interval '10 hours' where account = $1", [old.id])
    await pool.query("update account_session set seen_at = now() - interval '30 minutes' where account = $1", [idle.id])
    await pool.query('update account set disabled_at = now() where id = $1', [disabled.id])
    for (const one of [old, idle, disabled]) expect(await status(one)).toBe(401)
  })

  it('takes no session of a first password, and none of another form', async () => {
    const { id } = await door.person(['ops'])
    const token = 'A'.repeat(43)
    const index = door.vault.index('secret', `account-session\n${token}`)
    await insertAccountSession(door.db.pool, { index, account: id, isFirst: true })
    for (const cookie of [`titian_console=${token}`, 'titian_console=', 'titian_console', `titian_console=${token}x`])
      expect((await door.app.inject({ url: '/page', headers: { cookie } })).statusCode).toBe(401)
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
    await using closed = await openDoor({ '/docs': { scope: 'ops', page: true } }, docs)
    expect((await closed.app.inject('/docs/json')).statusCode).toBe(401)
    expect((await closed.app.inject('/docs/static/index.html')).statusCode).toBe(401)
    const { cookie } = await closed.person(['ops'])
    expect((await closed.app.inject({ url: '/docs/json', headers: { cookie } })).statusCode).toBe(200)
  })

  it('show in OpenAPI what every route demands', async () => {
    await using door = await openDoor({ '/docs': { public: 'the contract is public' } }, docs)
    const { paths } = door.app.swagger() as { paths: Record<string, { get: { security: object[] } }> }
    expect(paths['/either']?.get.security).toEqual([{ oauth: ['batches:read'] }, { oauth: ['ops'] }])
    expect(paths['/open']?.get.security).toEqual([])
  })
})
