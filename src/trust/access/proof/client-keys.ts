import { createPublicKey } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import Type from 'typebox'
import Value from 'typebox/value'

/** Algorithms that callers sign with (FAPI 2.0 security profile, 5.4); RFC 9864 renames EdDSA, and both names are about. */
export const PROOF_ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'Ed25519']
/** Header parameters by which a signature would bring its own key along. */
export const KEY_CARRIERS = ['jku', 'jwk', 'x5u', 'x5c']

const MOST_KEYS = 10
const RSA_BITS = 2048
const Keys = Type.Object({
  keys: Type.Array(Type.Object({ kid: Type.String({ minLength: 1, maxLength: 200 }) }), {
    minItems: 1,
    maxItems: MOST_KEYS,
  }),
})
/** Members of a private or secret key (RFC 7518, 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** A client's public keys as they are registered, or why they cannot be, in a sentence. */
export function readClientKeys(given: unknown): { keys: JSONWebKeySet } | { refusal: string } {
  if (!Value.Check(Keys, given)) return { refusal: `a JWKS has 1 to ${MOST_KEYS} keys, each with a kid` }
  const keys = given.keys as Record<string, unknown>[]
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) return { refusal: 'two keys have the same kid' }
  for (const key of keys) {
    if (PRIVATE.some((name) => name in key))
      return { refusal: 'a private key stays with the client: give its public half' }
    if (key.use === 'enc' || !isSigningKey(key))
      return { refusal: 'a key is P-256, Ed25519, or RSA of at least 2048 bits, and for signatures' }
  }
  return { keys: { keys: keys.map(publicMembers) } as unknown as JSONWebKeySet }
}

/** Whether a public JWK is of a kind and strength that may sign: P-256, Ed25519, or RSA of at least 2048 bits. */
export function isSigningKey(jwk: Record<string, unknown>): boolean {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({ format: 'jwk', key: jwk })
    if (type === 'rsa') return (details?.modulusLength ?? 0) >= RSA_BITS
    return type === 'ed25519' || (type === 'ec' && details?.namedCurve === 'prime256v1')
  } catch {
    return false
  }
}

/** Nothing but the key: a certificate or an address in a JWK is not looked at, and not kept. */
function publicMembers(jwk: Record<string, unknown>): Record<string, unknown> {
  const kept = ['kty', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e']
  return { ...Object.fromEntries(kept.flatMap((name) => (name in jwk ? [[name, jwk[name]]] : []))), use: 'sig' }
}
