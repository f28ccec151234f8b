import fastify from 'fastify'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../../src/io/http/problem.ts'
import { disableClient } from '../../../src/trust/access/client.sql.ts'
import { tokenRoutes } from '../../../src/trust/access/token.route.ts'
import { createTokens } from '../../../src/trust/access/token.ts'
import { basicOf, type Door, openDoor } from './door.ts'

const FORM = 'application/x-www-form-urlencoded'

let door: Door
beforeAll(async () => {
  door = await openDoor()
  return () => door[Symbol.asyncDispose]()
})

function ask(body: Record<string, string> | string, headers: Record<string, string> = {}) {
  const payload = typeof body === 'string' ? body : new URLSearchParams(body).toString()
  return door.app.inject({
    method: 'POST',
    url: '/oauth/token',
    payload,
    headers: { 'content-type': FORM, ...headers },
  })
}

describe('POST /oauth/token', () => {
  const grant_type = 'client_credentials'

  it('gives a token for id and secret, as HTTP Basic or in the form', async () => {
    const carik = await door.client('carik-jakarta', ['batches:read', 'batches:write'])
    const answers = [
      await ask({ grant_type }, { authorization: basicOf(carik) }),
      await ask({ grant_type, client_id: carik.id }, { authorization: basicOf(carik) }),
      await ask({ grant_type, client_id: carik.id, client_secret: carik.secret, unknown: 'ignored' }),
    ]
    for (const answer of answers) {
      expect(answer.json()).toMatchObject({
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'batches:read batches:write',
      })
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
      expect(await door.tokens.verify(answer.json().access_token, new Date())).toEqual({
        client: carik.id,
        platform: 'carik-jakarta',
        scopes: ['batches:read', 'batches:write'],
      })
    }
  })

  it('narrows the token to the scopes that are asked for', async () => {
    const authorization = basicOf(await door.client('carik-jakarta', ['batches:read', 'batches:write']))
    const answer = await ask({ grant_type, scope: 'batches:read' }, { authorization })
    expect(answer.json()).toMatchObject({ scope: 'batches:read' })
    for (const scope of ['ops', 'batches:read ops', 'nonsense', ' '])
      expect((await ask({ grant_type, scope }, { authorization })).json()).toMatchObject({
        error: 'invalid_scope',
      })
  })

  it.for<[string, Record<string, string> | string, Record<string, string>, number, string]>([
    ['a wrong secret', { grant_type }, { authorization: basicOf({ id: 'carik', secret: 'x' }) }, 401, 'invalid_client'],
    ['an unknown client', { grant_type, client_id: 'nobody', client_secret: 'x' }, {}, 401, 'invalid_client'],
    ['no credentials', { grant_type }, {}, 401, 'invalid_client'],
    ['an unreadable Basic', { grant_type }, { authorization: 'Basic !' }, 401, 'invalid_client'],
    [
      'a broken escape in Basic',
      { grant_type },
      { authorization: basicOf({ id: '%', secret: 'x' }) },
      401,
      'invalid_client',
    ],
    ['a Bearer instead', { grant_type }, { authorization: 'Bearer x' }, 401, 'invalid_client'],
    [
      'both methods',
      { grant_type, client_id: 'carik', client_secret: 'x' },
      { authorization: basicOf({ id: 'carik', secret: 'x' }) },
      400,
      'invalid_request',
    ],
    ['another grant', { grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['no grant', { scope: 'ops' }, {}, 400, 'invalid_request'],
    ['a parameter twice', `grant_type=${grant_type}&grant_type=${grant_type}`, {}, 400, 'invalid_request'],
    ['an empty body', '', {}, 400, 'invalid_request'],
    ['JSON', '{"grant_type":"client_credentials"}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['XML', '<x/>', { 'content-type': 'application/xml' }, 400, 'invalid_request'],
    ['a body that is too long', `grant_type=${'x'.repeat(9000)}`, {}, 400, 'invalid_request'],
  ])('refuses %s as RFC 6749 says', async ([, body, headers, status, error]) => {
    const answer = await ask(body, headers)
    expect([answer.statusCode, answer.json()]).toEqual([status, { error }])
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(String(answer.headers['www-authenticate'] ?? '').startsWith('Basic')).toBe(status === 401)
  })

  it('takes a parameter without a value for one that is absent, as RFC 6749, 3.2 has it', async () => {
    const carik = await door.client('carik-jakarta', ['batches:read'])
    const authorization = basicOf(carik)
    for (const empty of [
      'scope=',
      'client_id=',
      'client_secret=',
      'scope=&client_id=&client_secret=',
      'scope=&scope=',
    ]) {
      const answer = await ask(`grant_type=${grant_type}&${empty}`, { authorization })
      expect([answer.statusCode, answer.json().scope]).toEqual([200, 'batches:read'])
    }
    const posted = await ask({ grant_type, client_id: carik.id, client_secret: carik.secret, scope: '' })
    expect(posted.statusCode).toBe(200)
    const nameless = await ask({ grant_type, client_id: carik.id, client_secret: '' })
    expect([nameless.statusCode, nameless.json()]).toEqual([401, { error: 'invalid_client' }])
    expect((await ask('grant_type=', { authorization })).json()).toEqual({ error: 'invalid_request' })
  })

  it('refuses a disabled client', async () => {
    const ended = await door.client('carik-jakarta', ['batches:read'])
    const authorization = basicOf(ended)
    await disableClient(door.db.pool, ended.id)
    expect((await ask({ grant_type }, { authorization })).json()).toEqual({ error: 'invalid_client' })
  })

  it('stops guessing with 429 and the time to wait, and logs neither secret nor odd ids', async () => {
    const guessed = await door.client('carik-jakarta', ['batches:read'])
    door.log.length = 0
    for (let i = 0; i < 10; i++)
      expect((await ask({ grant_type, client_id: guessed.id, client_secret: 'wrong' })).statusCode).toBe(401)
    const answer = await ask({ grant_type, client_id: guessed.id, client_secret: 'wrong' })
    expect([answer.statusCode, answer.json()]).toEqual([429, { error: 'temporarily_unavailable' }])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50)
    expect((await ask({ grant_type }, { authorization: basicOf(guessed) })).statusCode).toBe(200)
    await ask({ grant_type, client_id: 'Somebody Else 3171', client_secret: 'wrong' })
    expect(door.log.length).toBe(12)
    expect(door.log.join('')).toContain(`"client":"${guessed.id}"`)
    expect(door.log.join('')).not.toMatch(/wrong|Somebody/)
    expect(door.log.join('')).not.toContain(guessed.secret)
  })
})

describe('what describes the token endpoint', () => {
  it('lets anybody verify a token by the published keys', async () => {
    const { id, token } = await door.client('carik-jakarta', ['batches:read'])
    const answer = await door.app.inject('/.well-known/jwks.json')
    expect(answer.json().keys).toHaveLength(2)
    expect(answer.body).not.toContain('"d"')
    const { payload } = await jwtVerify(token, createLocalJWKSet(answer.json()), { typ: 'at+jwt' })
    expect(payload.sub).toBe(id)
  })

  it('says where and how to get one', async () => {
    const answer = await door.app.inject('/.well-known/oauth-authorization-server')
    expect(answer.json()).toMatchObject({
      issuer: 'http://titian.example',
      token_endpoint: 'http://titian.example/oauth/token',
      grant_types_supported: ['client_credentials'],
    })
  })

  it('names the addresses below a public one that has a path, and lies where RFC 8414 looks for it', async () => {
    const issuer = 'https://satu.example/gerbang'
    await using app = fastify()
    app.addSchema(Problem)
    const tokens = createTokens(door.ring, { issuer, seconds: 300 })
    await app.register(tokenRoutes, {
      ...{ ring: door.ring, db: door.db.pool, senders: door.senders, tokens, issuer },
      login: async () => ({ is: 'refused' }),
    })
    for (const path of ['', '/gerbang']) {
      const answer = await app.inject(`/.well-known/oauth-authorization-server${path}`)
      expect(answer.json()).toMatchObject({
        issuer,
        token_endpoint: `${issuer}/oauth/token`,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
      })
    }
  })

  it('stands in the OpenAPI document, open to everybody', async () => {
    const { paths } = door.app.swagger() as unknown as {
      paths: Record<string, Record<string, { operationId: string; security: [] }>>
    }
    const operations = Object.values(paths).flatMap((path) => Object.values(path))
    expect(operations.map(({ operationId, security }) => [operationId, security])).toEqual([
      ['token', []],
      ['keys', []],
      ['tokenMetadata', []],
    ])
  })
})
