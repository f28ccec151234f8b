import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { verifyDpop } from '../../../../src/trust/access/proof/dpop.ts'
import { createNonces } from '../../../../src/trust/access/proof/nonce.ts'
import { createKeyRing } from '../../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../../src/trust/keys/vault.ts'

const NOW = new Date('2026-01-02T00:00:00Z')
const SECONDS = NOW.getTime() / 1000
const URL_ = 'https://titian.example/v1/batches'
const TOKEN = 'the-token'
const ATH = createHash('sha256').update(TOKEN).digest('base64url')
const CHECK = { method: 'POST', url: URL_, token: TOKEN, skewSeconds: 5, now: NOW }
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = await exportJWK(pair.publicKey)
const CLAIMS = { jti: 'one', htm: 'POST', htu: URL_, iat: SECONDS, ath: ATH, nonce: 'n' }

function proof(claims: object = {}, header: object = {}, key: KeyObject = pair.privateKey): Promise<string> {
  const whole = Object.fromEntries(Object.entries({ ...CLAIMS, ...claims }).filter(([, value]) => value !== undefined))
  return new SignJWT(whole).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }).sign(key)
}

describe('a DPoP proof', () => {
  it('names its key, itself and the nonce', async () => {
    const thumbprint = await calculateJwkThumbprint(jwk)
    expect(await verifyDpop(await proof(), CHECK)).toEqual({ thumbprint, name: 'one', nonce: 'n' })
  })

  it('is for an address as RFC 3986 compares them, without its query', async () => {
    for (const htu of [`${URL_}?after=1`, `${URL_}#x`, 'HTTPS://TITIAN.example:443/v1/batches'])
      expect(await verifyDpop(await proof({ htu }), CHECK), htu).toBeDefined()
  })

  it('is needed without a hash of a token where none comes along', async () => {
    const { token: _token, ...alone } = CHECK
    expect(await verifyDpop(await proof({ ath: undefined }), alone)).toBeDefined()
  })

  it.for<[string, object, object?]>([
    ['for another method', { htm: 'GET' }],
    ['for a method in another case', { htm: 'post' }],
    ['for another path', { htu: `${URL_}/` }],
    ['for another host', { htu: 'https://other.example/v1/batches' }],
    ['for plain http', { htu: 'http://titian.example/v1/batches' }],
    ['for no address', { htu: 'batches' }],
    ['for another token', { ath: createHash('sha256').update('x').digest('base64url') }],
    ['for no token', { ath: undefined }],
    ['that is old', { iat: SECONDS - 120 }],
    ['of the future', { iat: SECONDS + 60 }],
    ['without a time', { iat: undefined }],
    ['without a name', { jti: undefined }],
    ['with a long name', { jti: 'x'.repeat(201) }],
    ['of another type', {}, { typ: 'JWT' }],
    ['without a key', {}, { jwk: undefined }],
  ])('is refused: one %s', async ([, claims, header]) => {
    expect(await verifyDpop(await proof(claims, header), CHECK)).toBeUndefined()
  })

  it('is refused with a private key in it, a key of another pair, a secret, or without a signature', async () => {
    const secret = await exportJWK(pair.privateKey)
    expect(await verifyDpop(await proof({}, { jwk: secret }), CHECK)).toBeUndefined()
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(await verifyDpop(await proof({}, {}, other.privateKey), CHECK)).toBeUndefined()
    const symmetric = await new SignJWT(CLAIMS)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } as never })
      .sign(new Uint8Array(32))
    expect(await verifyDpop(symmetric, CHECK)).toBeUndefined()
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const [, body = ''] = (await proof()).split('.')
    expect(await verifyDpop(`${encoded({ typ: 'dpop+jwt', alg: 'none', jwk })}.${body}.`, CHECK)).toBeUndefined()
    for (const jwk of [{ kty: 'EC' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 1, 'x', null])
      expect(await verifyDpop(`${encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${body}.AAAA`, CHECK)).toBeUndefined()
  })
})

describe('a nonce', () => {
  const nonces = createNonces(openVault(createKeyRing(NOW)))
  it('counts for five minutes at every gateway of the key ring, and nowhere else', () => {
    const nonce = nonces.current(NOW)
    const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
    expect([-6, -1, 0, 5, 6].map((minutes) => nonces.isOurs(nonce, after(minutes)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
    expect(createNonces(openVault(createKeyRing(NOW))).isOurs(nonce, NOW)).toBe(false)
    for (const text of ['', '.', 'x', `${nonce}x`, nonce.slice(0, -1), nonce.replace(/^./, '0')])
      expect(nonces.isOurs(text, NOW), text).toBe(false)
  })
})
