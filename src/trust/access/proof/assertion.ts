import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { CLIENT_ID } from '../client.ts'
import { KEY_CARRIERS, PROOF_ALGORITHMS } from './client-keys.ts'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** How long an assertion may live, in seconds. */
export const ASSERTION_SECONDS = 300
const TYPES = [undefined, 'jwt', 'client-authentication+jwt']
const NAME_CHARACTERS = 200

/** The client that an assertion claims to be of, unverified; undefined when it cannot be read or carries a key along. */
export function claimedClient(assertion: string): string | undefined {
  try {
    const header = decodeProtectedHeader(assertion)
    if (KEY_CARRIERS.some((name) => Object.hasOwn(header, name))) return undefined
    if (!TYPES.includes(header.typ?.toLowerCase())) return undefined
    const { iss, sub } = decodeJwt(assertion)
    return iss === sub && sub !== undefined && CLIENT_ID.test(sub) ? sub : undefined
  } catch {
    return undefined
  }
}

export type AssertionCheck = { client: string; keys: JSONWebKeySet; issuer: string; skewSeconds: number; now: Date }

/**
 * Verifies a client's assertion (RFC 7523, 3; FAPI 2.0, 5.3.2): its audience is the issuer as one text, it lives five minutes at
 * most. Gives its `jti`, which the caller lets count once; undefined when a check fails.
 */
export async function verifyAssertion(
  assertion: string,
  { client, keys, issuer, skewSeconds, now }: AssertionCheck,
): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: PROOF_ALGORITHMS,
      issuer: client,
      subject: client,
      audience: issuer,
      requiredClaims: ['exp', 'jti'],
      clockTolerance: skewSeconds,
      currentDate: now,
    })
    const { aud, exp = 0, iat = 0, jti } = payload
    const seconds = now.getTime() / 1000
    // A list may name another server beside us, which could then pass the assertion on.
    if (typeof aud !== 'string') return undefined
    if (exp > seconds + ASSERTION_SECONDS + skewSeconds || iat > seconds + skewSeconds) return undefined
    return typeof jti === 'string' && jti !== '' && jti.length <= NAME_CHARACTERS ? jti : undefined
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined
    throw cause
  }
}
