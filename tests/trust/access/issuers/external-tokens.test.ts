import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerClient } from '../../../../src/trust/access/client.sql.ts'
import { withIssuers } from '../../../../src/trust/access/issuers/external-tokens.ts'
import { issuerKeys } from '../../../../src/trust/access/issuers/issuer-keys.client.ts'
import { readIssuers, type TrustedIssuer } from '../../../../src/trust/access/issuers/issuers.file.ts'
import { createTokens } from '../../../../src/trust/access/token.ts'
import { createKeyRing } from '../../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../../src/trust/keys/vault.ts'
import { openGateway, type TestGateway } from '../../../flows/gateway.ts'
import { freshDatabase } from '../../../support/database.ts'

const OWN = 'http://titian.test'
const ISSUER = 'https://sso.example'
const AUDIENCE = 'titian-api'
const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
const own = createTokens(ring, { issuer: OWN, seconds: 300 })

let dir: string
let server: Server
let url: string
let asked = 0
let served: { keys: JWK[] } = { keys: [] }
let status = 200
let rsa: CryptoKey
let gateway: TestGateway
let trusted: TrustedIssuer

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'titian-issuers-'))
  const pair = await generateKeyPair('PS256', { extractable: true })
  rsa = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'sso-1', use: 'sig' }
  const secret = { kty: 'oct', k: Buffer.from('shared').toString('base64url'), kid: 'oct-1' }
  served = { keys: [jwk, secret] }
  server = createServer((_request, response) => {
    asked += 1
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(served))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  trusted = {
    ...{ issuer: ISSUER, jwks: url, audience: AUDIENCE, algorithms: ['PS256'], claim: 'azp' },
    clients: { 'dinsos-jakarta': { client: 'utara-sso', platform: 'utara' } },
  }
  const db = await freshDatabase()
  await registerClient(db.pool, openVault(ring), {
    ...{ id: 'utara-sso', platform: 'utara' },
    scopes: ['batches:read', 'conservation:read'],
  })
  const file = join(dir, 'issuers.json')
  await writeFile(file, JSON.stringify([trusted]))
  gateway = await openGateway({ ISSUERS_FILE: file }, undefined, { db, ring })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  server.close()
  await rm(dir, { recursive: true, force: true })
})

const CLAIMS = { azp: 'dinsos-jakarta', scope: 'batches:read' }
type Forging = {
  claims?: JWTPayload
  header?: object
  key?: CryptoKey | Uint8Array
  issuer?: string
  audience?: string
}
function sign({ claims = CLAIMS, header = {}, key = rsa, issuer = ISSUER, audience = AUDIENCE }: Forging = {}) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: 'sso-1', ...header })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key)
}

const tokens = (keys = issuerKeys(url)) => withIssuers(own, [{ trusted, keys }], 5)

describe('a token of another issuer', () => {
  it('stands for the client that the operators named, with its scopes at most', async () => {
    const call = async (token: string, path = '/v1/batches') =>
      (await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
    expect(await call(await sign())).toBe(200)
    expect(await call(await sign(), '/v1/conservation')).toBe(403)
    expect(await call(await sign({ claims: { azp: 'dinsos-jakarta' } }), '/v1/conservation')).toBe(200)
    expect(await call(await sign({ claims: { azp: 'dinsos-jakarta', scope: 'ops' } }), '/v1/reviews')).toBe(403)
    expect(await call(await sign({ audience: 'another-api' }))).toBe(401)
  })

  it('is refused for each way to forge one', async () => {
    const all = tokens()
    const other = await generateKeyPair('PS256')
    const publicText = new TextEncoder().encode(JSON.stringify(served.keys[0]))
    const [head = '', body = ''] = (await sign()).split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'sso-1' })).toString('base64url')
    const forged: Record<string, string> = {
      'another audience': await sign({ audience: 'another-api' }),
      'another key under a known name': await sign({ key: other.privateKey }),
      'the public key as a shared secret': await sign({ header: { alg: 'HS256' }, key: publicText }),
      'a shared secret that the issuer publishes': await sign({
        header: { alg: 'HS256', kid: 'oct-1' },
        key: new TextEncoder().encode('shared'),
      }),
      'no signature': `${none}.${body}.`,
      'a signature cut off': `${head}.${body}.`,
      'an algorithm that was not allowed': await sign({ header: { alg: 'RS256' }, key: await asRs256() }),
      'a token for another purpose': await sign({ header: { typ: 'JWT' } }),
      'a key that it brings along': await sign({ header: { jwk: served.keys[0] } }),
      'an address of keys that it brings along': await sign({ header: { jku: 'https://evil.example' } }),
      'a caller whom nobody named': await sign({ claims: { azp: 'somebody' } }),
      'a caller by the name of a prototype': await sign({ claims: { azp: 'constructor' } }),
      'no caller': await sign({ claims: { sub: 'dinsos-jakarta' } }),
      'a binding that is not known': await sign({ claims: { ...CLAIMS, cnf: { kid: 'x' } } }),
      'the name of the gateway': await sign({ issuer: OWN, audience: OWN }),
      'the name of a stranger': await sign({ issuer: 'https://sso.example/' }),
    }
    for (const [what, token] of Object.entries(forged))
      await expect(all.verify(token, new Date()), what).rejects.toMatchObject({ code: 'token-invalid' })
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
    await expect(all.verify(await sign(), hours(1))).rejects.toMatchObject({ code: 'token-invalid' })
    await expect(all.verify(await sign(), hours(-1))).rejects.toMatchObject({ code: 'token-invalid' })
    const grant = { client: 'utara-sso', platform: 'utara', scopes: [] }
    expect(
      await all.verify(await own.issue({ ...grant, scopes: ['batches:read'] }, new Date()), new Date()),
    ).toMatchObject({
      client: 'utara-sso',
    })
  })
})

/** The same RSA key, as a library takes it for another algorithm. */
async function asRs256(): Promise<CryptoKey> {
  return (await importJWK(await exportJWK(rsa), 'RS256')) as CryptoKey
}

describe('the keys of an issuer', () => {
  it('are asked for once, and by a flood of unknown names no more than each half minute', async () => {
    let now = 0
    const all = tokens(issuerKeys(url, { clock: () => now }))
    asked = 0
    const flood = async () => {
      const forged = await Promise.all(Array.from({ length: 50 }, (_, at) => sign({ header: { kid: `k-${at}` } })))
      await Promise.allSettled(forged.map((token) => all.verify(token, new Date())))
    }
    await Promise.all([all.verify(await sign(), new Date()), all.verify(await sign(), new Date())])
    await flood()
    expect(asked).toBe(1)
    now += 31_000
    await flood()
    expect(asked).toBe(2)
  })

  it('follow a rotation, outlive an issuer that is away, and are missed where there never were any', async () => {
    let now = 0
    const all = tokens(issuerKeys(url, { clock: () => now }))
    await all.verify(await sign(), new Date())
    const fresh = await generateKeyPair('PS256', { extractable: true })
    const before = served
    served = { keys: [{ ...(await exportJWK(fresh.publicKey)), kid: 'sso-2' }] }
    now += 31_000
    await all.verify(await sign({ header: { kid: 'sso-2' }, key: fresh.privateKey }), new Date())
    await expect(all.verify(await sign(), new Date())).rejects.toMatchObject({ code: 'token-invalid' })
    served = before
    status = 500
    now += 601_000
    await all.verify(await sign({ header: { kid: 'sso-2' }, key: fresh.privateKey }), new Date())
    await expect(tokens().verify(await sign(), new Date())).rejects.toMatchObject({ code: 'unavailable' })
    status = 200
  })
})

describe('the file of issuers', () => {
  it.each<[string, object]>([
    ['a shared secret', { algorithms: ['HS256'] }],
    ['no algorithm', { algorithms: [] }],
    ['keys by plain http', { jwks: 'http://sso.example/jwks' }],
    ['the gateway itself', { issuer: OWN }],
    ['a member that is not known', { clientz: {} }],
  ])('is refused for %s', async (_, wrong) => {
    const file = join(dir, 'wrong.json')
    await writeFile(file, JSON.stringify([{ ...trusted, ...wrong }]))
    expect(() => readIssuers(file, OWN)).toThrow('ISSUERS_FILE')
    await writeFile(file, JSON.stringify([trusted, trusted]))
    expect(() => readIssuers(file, OWN)).toThrow('twice')
    expect(() => readIssuers(join(dir, 'none.json'), OWN)).toThrow('cannot be read')
  })
})
