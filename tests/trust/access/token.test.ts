import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { base64url, decodeJwt, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createTokens, type Grant } from '../../../src/trust/access/token.ts'
import { createKeyRing, type KeyRing, rotateKeyRing, type SigningKey } from '../../../src/trust/keys/keyring.ts'

const START = new Date('2026-01-01T00:00:00Z')
const NOW = new Date('2026-01-02T00:00:00Z')
const SECONDS = NOW.getTime() / 1000
const ISSUER = 'https://titian.example'
const GRANT: Grant = { client: 'carik', platform: 'carik-jakarta', scopes: ['batches:write', 'batches:read'] }

const ring = createKeyRing(START)
const tokens = createTokens(ring, { issuer: ISSUER, seconds: 300 })
const key = ring.tokens[0] as SigningKey
const HEADER: JWTHeaderParameters = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }
const CLAIMS: JWTPayload = {
  iss: ISSUER,
  aud: ISSUER,
  sub: 'carik',
  client_id: 'carik',
  scope: 'batches:write',
  platform: 'carik-jakarta',
  iat: SECONDS,
  exp: SECONDS + 300,
  jti: 'one',
}

function privateKeyOf({ x, d }: SigningKey) {
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x, d: d ?? '' } })
}

/** A token under our own key, with these changes: all that an attacker could not do, and more. */
function forge(claims: object = {}, header: object = {}, signingKey = key): Promise<string> {
  return new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ ...HEADER, ...header })
    .sign(privateKeyOf(signingKey))
}

async function codeOf(token: string, now = NOW): Promise<string> {
  try {
    await tokens.verify(token, now)
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('createTokens', () => {
  it('issues a token of five minutes that says what was granted', async () => {
    const token = await tokens.issue(GRANT, NOW)
    expect(await tokens.verify(token, NOW)).toEqual(GRANT)
    expect(decodeJwt(token)).toMatchObject({ aud: ISSUER, iat: SECONDS, exp: SECONDS + 300, sub: 'carik' })
    expect(await codeOf(token, new Date(NOW.getTime() + 299_000))).toBe('accepted')
    expect(await codeOf(token, new Date(NOW.getTime() + 306_000))).toBe('token-invalid')
  })

  it('tolerates a clock that is as wrong as the start of two gateways lets it be', async () => {
    const away = createTokens(ring, { issuer: ISSUER, seconds: 300, skewSeconds: 15 })
    const token = await away.issue(GRANT, NOW)
    for (const seconds of [-15, 0, 314])
      expect(await away.verify(token, new Date(NOW.getTime() + seconds * 1000))).toEqual(GRANT)
    for (const seconds of [-17, 316])
      await expect(away.verify(token, new Date(NOW.getTime() + seconds * 1000))).rejects.toThrow('token refused')
  })

  it('gives each token an id of its own, and no platform to a client without one', async () => {
    const national: Grant = { client: 'bps', platform: null, scopes: ['deliveries:read'] }
    const pair = await Promise.all([tokens.issue(national, NOW), tokens.issue(national, NOW)])
    expect(new Set(pair.map((token) => decodeJwt(token).jti)).size).toBe(2)
    expect(await tokens.verify(pair[0], NOW)).toEqual(national)
  })

  it('accepts what it forges itself without a change, under both names of the algorithm', async () => {
    expect(await codeOf(await forge())).toBe('accepted')
    expect(await codeOf(await forge({}, { alg: 'Ed25519' }))).toBe('accepted')
  })

  it.for<[string, object, object]>([
    ['another issuer', { iss: 'https://other.example' }, {}],
    ['another audience', { aud: 'https://other.example' }, {}],
    ['a list of audiences', { aud: [ISSUER, 'https://other.example'] }, {}],
    ['no audience', { aud: undefined }, {}],
    ['another type', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['an expiry in the past', { iat: SECONDS - 400, exp: SECONDS - 100 }, {}],
    ['a start in the future', { nbf: SECONDS + 60 }, {}],
    ['an issue in the future', { iat: SECONDS + 60, exp: SECONDS + 360 }, {}],
    ['an issue long ago', { iat: SECONDS - 400 }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['no issue time', { iat: undefined }, {}],
    ['no id', { jti: undefined }, {}],
    ['no subject', { sub: undefined }, {}],
    ['no scope', { scope: undefined }, {}],
    ['scopes as a list', { scope: ['ops'] }, {}],
    ['a subject that is not the client', { sub: 'other' }, {}],
    ['a platform that is no text', { platform: ['carik-jakarta'] }, {}],
    ['an unknown key id', {}, { kid: 'tok-0' }],
    ['a path as key id', {}, { kid: '../../../../dev/null' }],
    ['an inherited name as key id', {}, { kid: '__proto__' }],
    ['no key id', {}, { kid: undefined }],
    ['a key set address', {}, { jku: 'https://evil.example/jwks.json' }],
    ['a certificate address', {}, { x5u: 'https://evil.example/cert' }],
    ['a certificate', {}, { x5c: ['MII'] }],
    ['its own key', {}, { jwk: { kty: 'OKP', crv: 'Ed25519', x: key.x } }],
  ])('refuses a token with %s', async ([, claims, header]) => {
    expect(await codeOf(await forge(claims, header))).toBe('token-invalid')
  })

  it('refuses an unknown critical header', async () => {
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({ ...HEADER, crit: ['purpose'], purpose: 'x' })
      .sign(privateKeyOf(key), { crit: { purpose: true } })
    expect(await codeOf(token)).toBe('token-invalid')
  })

  it('refuses an unsecured token', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = base64url.encode(JSON.stringify({ ...HEADER, alg }))
      const body = base64url.encode(JSON.stringify(CLAIMS))
      expect(await codeOf(`${header}.${body}.`)).toBe('token-invalid')
    }
  })

  it('refuses HS256 with the public key as its secret, in any spelling', async () => {
    const jwk = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: key.x })
    for (const secret of [Buffer.from(key.x, 'base64url'), Buffer.from(key.x), Buffer.from(jwk)]) {
      const token = await new SignJWT(CLAIMS).setProtectedHeader({ ...HEADER, alg: 'HS256' }).sign(secret)
      expect(await codeOf(token)).toBe('token-invalid')
    }
  })

  it('refuses a foreign key under our key id, and our delivery key', async () => {
    const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    expect(await codeOf(await forge({}, {}, { ...key, x, d }))).toBe('token-invalid')
    const delivery = ring.deliveries[0] as SigningKey
    expect(await codeOf(await forge({}, { kid: delivery.kid }, delivery))).toBe('token-invalid')
  })

  it('refuses a changed claim, a shortened signature and things that are no token', async () => {
    const [header = '', , signature = ''] = (await forge()).split('.')
    const body = base64url.encode(JSON.stringify({ ...CLAIMS, scope: 'ops' }))
    for (const text of [
      `${header}.${body}.${signature}`,
      `${header}.${body}`,
      'x',
      '..',
      '',
      `${header}..${signature}`,
    ])
      expect(await codeOf(text)).toBe('token-invalid')
  })

  it('drops scopes that are not in the catalogue', async () => {
    expect((await tokens.verify(await forge({ scope: 'ops everything' }), NOW)).scopes).toEqual(['ops'])
  })

  it('accepts tokens of the retired key after a rotation, and issues under the new one', async () => {
    const rotated = createTokens(rotateKeyRing(ring, NOW), { issuer: ISSUER, seconds: 300 })
    expect(await rotated.verify(await tokens.issue(GRANT, NOW), NOW)).toEqual(GRANT)
    expect(await codeOf(await rotated.issue(GRANT, NOW))).toBe('token-invalid')
  })

  it('refuses what a retired key signs once its last honest token has ended, however fresh it claims to be', async () => {
    const rotated = createTokens(rotateKeyRing(ring, NOW), { issuer: ISSUER, seconds: 300 })
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
    // Whoever stole the old private half goes on issuing.
    expect(await rotated.verify(await tokens.issue(GRANT, at(300)), at(300))).toEqual(GRANT)
    const stolen = await tokens.issue(GRANT, at(310))
    await expect(rotated.verify(stolen, at(310))).rejects.toMatchObject({ code: 'token-invalid' })
  })

  it('reads the ring anew for a key that it does not know, once a second at most, and follows what others read', async () => {
    const later = rotateKeyRing(ring, NOW)
    const held = structuredClone(ring)
    let reads = 0
    let stored: KeyRing = held
    const reload = () => {
      reads += 1
      return Object.assign(held, structuredClone(stored))
    }
    const own = createTokens(held, { issuer: ISSUER, seconds: 300, reload })
    const token = await createTokens(later, { issuer: ISSUER, seconds: 300 }).issue(GRANT, NOW)
    stored = later
    expect(await own.verify(token, NOW)).toEqual(GRANT)
    for (const kid of ['tok-one', 'tok-two', 'tok-three'])
      await expect(own.verify(await forge({}, { kid }), NOW)).rejects.toMatchObject({ code: 'token-invalid' })
    expect(reads).toBe(1)
    // Whoever else holds the ring may have read it.
    const last = rotateKeyRing(later, NOW)
    Object.assign(held, structuredClone(last))
    const newest = await createTokens(last, { issuer: ISSUER, seconds: 300 }).issue(GRANT, NOW)
    expect(await own.verify(newest, NOW)).toEqual(GRANT)
  })

  it('never says the token in what it throws', async () => {
    const token = await forge({ iss: 'x' })
    const error = await tokens.verify(token, NOW).catch((refusal: Error) => refusal)
    expect(String((error as Error).stack)).not.toContain(token)
    expect((error as Error).message).toBe('token refused: ERR_JWT_CLAIM_VALIDATION_FAILED')
    expect((error as Error).cause).toBeUndefined()
  })
})
