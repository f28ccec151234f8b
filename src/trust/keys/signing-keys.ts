import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { TitianError } from '../../domain/error.ts'
import { type KeyRing, type SigningKey, workingKey } from './keyring.ts'

/** An Ed25519 key that signs, with the name under which the other side finds its public half. */
export type Signer = { keyid: string; key: KeyObject }

/** A public key as JWKS carries it (RFC 7517, RFC 8037). */
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; use: 'sig'; alg: 'EdDSA' }

/** The key of `ring.tokens` or `ring.deliveries` that signs at a moment. */
export function signerOf(keys: readonly SigningKey[], at: Date): Signer {
  // A retired key may look newest to a process whose clock lags; without its private half it is passed over.
  const { kid, x, d } = workingKey(
    keys.filter((key) => key.d !== undefined),
    at,
  )
  if (d === undefined) throw new TitianError('key-ring-invalid', 'the key ring has no key that signs')
  return { keyid: kid, key: createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' }) }
}

/**
 * Whether nothing that a key signed can be valid any more: its successor has worked for longer than what it signs lives. Keys stand as in
 * the ring, the oldest first.
 */
export function isOutlived(keys: readonly SigningKey[], kid: string, at: Date, lifeSeconds: number): boolean {
  const successor = keys[keys.findIndex((key) => key.kid === kid) + 1]
  return successor !== undefined && Date.parse(successor.from) + lifeSeconds * 1000 < at.getTime()
}

/** Public halves by key id, retired keys too: what they signed stays valid. */
export function verifiersOf(keys: readonly SigningKey[]): Map<string, KeyObject> {
  return new Map(keys.map((key) => [key.kid, publicKey(key.x)]))
}

/** The public halves of all signing keys, for `/.well-known/jwks.json`. */
export function publicJwks(ring: KeyRing): { keys: PublicJwk[] } {
  return {
    keys: [...ring.tokens, ...ring.deliveries].map(({ kid, x }) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x,
      kid,
      use: 'sig',
      alg: 'EdDSA',
    })),
  }
}

/** An Ed25519 public key of its `x` in base64url; throws on anything else. */
export function publicKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}
