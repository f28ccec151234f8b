import { exportJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerClient, renewClientProof } from '../../../../src/trust/access/client.sql.ts'
import { type NewClient, newClientId, refuseClient } from '../../../../src/trust/access/client.ts'
import { readClientKeys } from '../../../../src/trust/access/proof/client-keys.ts'
import { basicOf, type Door, openDoor } from '../door.ts'

const ISSUER = new URL('http://titian.example')

let door: Door
let address: string
beforeAll(async () => {
  door = await openDoor({}, (app) => {
    app.get('/mine', { config: { scope: 'batches:read' } }, async ({ caller }) => ({ client: caller.client }))
    app.post('/mine', { config: { scope: 'batches:read' } }, async ({ caller }) => ({ client: caller.client }))
  })
  address = await door.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => door[Symbol.asyncDispose]())

/** Sends what is meant for the public address to where the door really is. */
const via = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, unknown>) =>
    fetch(url.replace(ISSUER.origin, address), init as RequestInit),
} as const

type Pair = { privateKey: CryptoKey; publicKey: CryptoKey }
const newPair = (alg: string): Promise<Pair> => oauth.generateKeyPair(alg, { extractable: true })

async function jwksOf(pairs: Record<string, Pair>) {
  const keys = await Promise.all(
    Object.entries(pairs).map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid })),
  )
  const read = readClientKeys({ keys })
  if ('refusal' in read) throw new Error(read.refusal)
  return read.keys
}

async function withKey(pair: Pair, more: Partial<NewClient> = {}): Promise<string> {
  const jwks = await jwksOf({ satu: pair })
  const client: NewClient = {
    ...{ id: newClientId(), platform: 'carik-jakarta', scopes: ['batches:read'], jwks },
    ...more,
  }
  await registerClient(door.db.pool, door.vault, client)
  return client.id
}

async function server(): Promise<oauth.AuthorizationServer> {
  const answer = await oauth.discoveryRequest(ISSUER, { algorithm: 'oauth2', ...via })
  return oauth.processDiscoveryResponse(ISSUER, answer)
}

/** A token by the foreign client, which begins again with our nonce when it is told to. */
async function tokenFor(
  id: string,
  auth: oauth.ClientAuth,
  DPoP?: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const as = await server()
  const ask = async () => {
    const options = { ...via, ...(DPoP && { DPoP }) }
    const answer = await oauth.clientCredentialsGrantRequest(
      as,
      { client_id: id },
      auth,
      new URLSearchParams(),
      options,
    )
    return oauth.processClientCredentialsResponse(as, { client_id: id }, answer)
  }
  try {
    return await ask()
  } catch (error) {
    if (DPoP === undefined || !oauth.isDPoPNonceError(error)) throw error
    return ask()
  }
}

const call = (token: string, DPoP?: oauth.DPoPHandle) =>
  oauth.protectedResourceRequest(token, 'GET', new URL('/mine', ISSUER), new Headers(), null, {
    ...via,
    ...(DPoP && { DPoP }),
  })

describe('a caller with a key', () => {
  it.for(['ES256', 'PS256', 'EdDSA'])('proves itself by %s, and gets in', async (algorithm) => {
    const pair = await newPair(algorithm === 'EdDSA' ? 'Ed25519' : algorithm)
    const id = await withKey(pair)
    const answer = await tokenFor(id, oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'satu' }))
    expect(answer.token_type).toBe('bearer')
    expect(await (await call(answer.access_token)).json()).toEqual({ client: id })
  })

  it('lets an assertion count once, however many gateways are asked', async () => {
    const pair = await newPair('ES256')
    const id = await withKey(pair)
    let sent: RequestInit | undefined
    const auth = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'satu' })
    const watched = {
      ...via,
      [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, unknown>) => {
        sent = init as RequestInit
        return fetch(url.replace(ISSUER.origin, address), sent)
      },
    }
    const first = await oauth.clientCredentialsGrantRequest(await server(), { client_id: id }, auth, {}, watched)
    expect(first.status).toBe(200)
    const again = await Promise.all(Array.from({ length: 5 }, () => fetch(`${address}/oauth/token`, sent)))
    expect(again.map(({ status }) => status)).toEqual(Array(5).fill(401))
  })

  it('is refused with the key of another client, with a replaced key, and with no secret at all', async () => {
    const [mine, other, next] = (await Promise.all(['ES256', 'ES256', 'ES256'].map(newPair))) as [Pair, Pair, Pair]
    const id = await withKey(mine)
    await withKey(other)
    const by = (pair: Pair, kid = 'satu') => tokenFor(id, oauth.PrivateKeyJwt({ key: pair.privateKey, kid }))
    await expect(by(other)).rejects.toMatchObject({ status: 401 })
    await renewClientProof(door.db.pool, id, { jwks: await jwksOf({ satu: mine, dua: next }), certificates: [] })
    expect(await by(mine)).toHaveProperty('access_token')
    expect(await by(next, 'dua')).toHaveProperty('access_token')
    await renewClientProof(door.db.pool, id, { jwks: await jwksOf({ dua: next }), certificates: [] })
    await expect(by(mine)).rejects.toMatchObject({ status: 401 })
    for (const secret of ['', 'x']) {
      const headers = { authorization: basicOf({ id, secret }) }
      const answer = await fetch(`${address}/oauth/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      expect(answer.status).toBe(401)
    }
  })
})

describe('a token for a key (DPoP)', () => {
  it('is given after our nonce, and lets in who holds the key, each proof once', async () => {
    const secretly = await door.client('carik-jakarta', ['batches:read'])
    const DPoP = oauth.DPoP({}, await newPair('ES256'))
    const answer = await tokenFor(secretly.id, oauth.ClientSecretBasic(secretly.secret), DPoP)
    expect(answer.token_type).toBe('dpop')
    expect(await (await call(answer.access_token, DPoP)).json()).toEqual({ client: secretly.id })
  })

  it('is worth nothing as a bearer token, with another key, on another route, or with a proof that was used', async () => {
    const holder = await door.client('carik-jakarta', ['batches:read'])
    const DPoP = oauth.DPoP({}, await newPair('ES256'))
    const { access_token: token } = await tokenFor(holder.id, oauth.ClientSecretBasic(holder.secret), DPoP)
    expect((await fetch(`${address}/mine`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    const alone = await fetch(`${address}/mine`, { headers: { authorization: `DPoP ${token}` } })
    expect([alone.status, alone.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_dpop_proof'),
    ])

    const thief = oauth.DPoP({}, await newPair('ES256'))
    await expect(call(token, thief)).rejects.toThrow()
    await expect(call(token, thief)).rejects.toThrow()

    const sent: Record<string, string>[] = []
    const spy: typeof fetch = async (url, init) => {
      sent.push(Object.fromEntries(new Headers(init?.headers as Headers)))
      return fetch(String(url).replace(ISSUER.origin, address), init)
    }
    await oauth.protectedResourceRequest(token, 'GET', new URL('/mine', ISSUER), new Headers(), null, {
      ...via,
      DPoP,
      [oauth.customFetch]: spy as never,
    })
    const [used = {}] = sent
    expect(used.dpop).toBeDefined()
    expect((await fetch(`${address}/mine`, { headers: used })).status).toBe(401)
    expect((await fetch(`${address}/mine`, { method: 'POST', headers: used })).status).toBe(401)
  })

  it('cannot be had for an unbound one: a bearer token with a proof is refused', async () => {
    const { token } = await door.client('carik-jakarta', ['batches:read'])
    const DPoP = oauth.DPoP({}, await newPair('ES256'))
    await expect(call(token, DPoP)).rejects.toThrow()
  })
})

describe('the profile fapi', () => {
  it('takes no secret and gives no token that anybody could use', async () => {
    const fapi = {
      id: newClientId(),
      platform: 'carik-jakarta',
      scopes: ['batches:read' as const],
      profile: 'fapi' as const,
    }
    expect(refuseClient(fapi)).toMatch(/takes no secret/)
    const { id: secretly, secret } = (await registerClient(door.db.pool, door.vault, fapi)) ?? { id: '', secret: '' }
    const headers = { authorization: basicOf({ id: secretly, secret }) }
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    expect((await fetch(`${address}/oauth/token`, { method: 'POST', headers, body: form })).status).toBe(401)
    const pair = await newPair('ES256')
    const id = await withKey(pair, { profile: 'fapi' })
    const auth = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'satu' })
    await expect(tokenFor(id, auth)).rejects.toMatchObject({ error: 'invalid_request' })
    const DPoP = oauth.DPoP({}, await newPair('ES256'))
    const { access_token } = await tokenFor(id, auth, DPoP)
    expect((await call(access_token, DPoP)).status).toBe(200)
    const unbound = await door.tokens.issue(
      { client: id, platform: 'carik-jakarta', scopes: ['batches:read'] },
      new Date(),
    )
    expect((await fetch(`${address}/mine`, { headers: { authorization: `Bearer ${unbound}` } })).status).toBe(401)
  })
})
