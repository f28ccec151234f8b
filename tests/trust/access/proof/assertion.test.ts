import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, type JSONWebKeySet, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { claimedClient, verifyAssertion } from '../../../../src/trust/access/proof/assertion.ts'
import { readClientKeys } from '../../../../src/trust/access/proof/client-keys.ts'

const NOW = new Date('2026-01-02T00:00:00Z')
const SECONDS = NOW.getTime() / 1000
const ISSUER = 'https://titian.example'
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const KEYS = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'satu' }] } as JSONWebKeySet
const CLAIMS = { iss: 'carik', sub: 'carik', aud: ISSUER, jti: 'one', iat: SECONDS, exp: SECONDS + 60 }

function assertion(claims: object = {}, header: object = {}, key = ours.privateKey): Promise<string> {
  const whole = Object.fromEntries(Object.entries({ ...CLAIMS, ...claims }).filter(([, value]) => value !== undefined))
  return new SignJWT(whole).setProtectedHeader({ alg: 'ES256', kid: 'satu', ...header }).sign(key)
}

async function nameIn(text: string): Promise<string | undefined> {
  if (claimedClient(text) !== 'carik') return undefined
  return verifyAssertion(text, { client: 'carik', keys: KEYS, issuer: ISSUER, skewSeconds: 5, now: NOW })
}

describe('an assertion', () => {
  it('proves its client by its name, under either type', async () => {
    expect(await nameIn(await assertion())).toBe('one')
    for (const typ of ['JWT', 'client-authentication+jwt'])
      expect(await nameIn(await assertion({}, { typ })), typ).toBe('one')
  })

  it.for<[string, object, object?]>([
    ['for a list of audiences', { aud: [ISSUER, 'https://other.example'] }],
    ['for a list of the one audience', { aud: [ISSUER] }],
    ['for the token endpoint', { aud: `${ISSUER}/oauth/token` }],
    ['for the issuer with a slash', { aud: `${ISSUER}/` }],
    ['for nobody', { aud: undefined }],
    ['that lives for an hour', { exp: SECONDS + 3600 }],
    ['that never ends', { exp: undefined }],
    ['that has ended', { exp: SECONDS - 60 }],
    ['that does not count yet', { nbf: SECONDS + 60 }],
    ['of the future', { iat: SECONDS + 60 }],
    ['without a name', { jti: undefined }],
    ['with an empty name', { jti: '' }],
    ['with a long name', { jti: 'x'.repeat(201) }],
    ['with a number for a name', { jti: 1 }],
    ['of another issuer than its subject', { iss: 'other' }],
    ['of another client', { iss: 'other', sub: 'other' }],
    ['that is an access token by type', {}, { typ: 'at+jwt' }],
    ['that is a DPoP proof by type', {}, { typ: 'dpop+jwt' }],
    ['under an unknown key', {}, { kid: 'dua' }],
    ['that carries its key along', {}, { jwk: KEYS.keys[0] }],
    ['that says where its key is', {}, { jku: 'https://evil.example/jwks' }],
    ['that says where its certificate is', {}, { x5u: 'https://evil.example/x' }],
  ])('is refused: one %s', async ([, claims, header]) => {
    expect(await nameIn(await assertion(claims, header))).toBeUndefined()
  })

  it('is refused under a foreign key, an unknown critical header, no algorithm, and the public key as a secret', async () => {
    expect(await nameIn(await assertion({}, {}, theirs.privateKey))).toBeUndefined()
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const [, body = '', signature = ''] = (await assertion()).split('.')
    expect(
      await nameIn(`${encoded({ alg: 'ES256', kid: 'satu', crit: ['x'], x: 1 })}.${body}.${signature}`),
    ).toBeUndefined()
    expect(await nameIn(`${encoded({ alg: 'none' })}.${body}.`)).toBeUndefined()
    const secret = new TextEncoder().encode(JSON.stringify(KEYS.keys[0]))
    const confused = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'satu' }).sign(secret)
    expect(await nameIn(confused)).toBeUndefined()
    for (const text of ['', 'x', 'a.b.c', '....', `${body}.${body}.${body}`]) expect(await nameIn(text)).toBeUndefined()
  })
})

describe('readClientKeys', () => {
  const jwk = async (type: 'rsa' | 'ec' | 'ed25519' | 'x25519', options = {}) =>
    exportJWK(generateKeyPairSync(type as 'rsa', options as { modulusLength: number }).publicKey)
  it('takes public keys that sign, without what else stands in them', async () => {
    const keys = [
      { ...(await jwk('ec', { namedCurve: 'P-256' })), kid: 'a', x5u: 'https://evil.example' },
      { ...(await jwk('ed25519')), kid: 'b' },
      { ...(await jwk('rsa', { modulusLength: 2048 })), kid: 'c' },
    ]
    const read = readClientKeys({ keys }) as { keys: JSONWebKeySet }
    expect(read.keys.keys.map(({ kid, use, x5u }) => [kid, use, x5u])).toEqual([
      ['a', 'sig', undefined],
      ['b', 'sig', undefined],
      ['c', 'sig', undefined],
    ])
  })

  it('refuses private, weak, foreign, unnamed and double keys', async () => {
    const good = { ...(await jwk('ed25519')), kid: 'a' }
    for (const keys of [
      [],
      [{ ...(await exportJWK(ours.privateKey)), kid: 'a' }],
      [{ kty: 'oct', k: 'AAAA', kid: 'a' }],
      [{ ...(await jwk('rsa', { modulusLength: 1024 })), kid: 'a' }],
      [{ ...(await jwk('ec', { namedCurve: 'P-384' })), kid: 'a' }],
      [{ ...(await jwk('x25519')), kid: 'a' }],
      [{ ...good, use: 'enc' }],
      [{ ...good, kid: undefined }],
      [good, good],
      Array.from({ length: 11 }, (_, at) => ({ ...good, kid: `${at}` })),
    ])
      expect(readClientKeys({ keys })).toHaveProperty('refusal')
    expect(readClientKeys(null)).toHaveProperty('refusal')
  })
})
