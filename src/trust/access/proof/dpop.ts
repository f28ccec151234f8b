import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTVerifyResult, jwtVerify } from 'jose'
import { PROOF_ALGORITHMS } from './client-keys.ts'

/** How old a proof may be, in seconds. */
export const DPOP_SECONDS = 60
const NAME_CHARACTERS = 200

/** What a proof has to be for: `token` where it comes along with one. */
export type DpopCheck = {
  method: string
  /** The address of the request, without query and fragment. */
  url: string
  token?: string
  skewSeconds: number
  now: Date
}

/** A proof that holds: the thumbprint of its key, its name, which counts once, and the nonce of ours that it repeats. */
export type DpopProof = { thumbprint: string; name: string; nonce: string | undefined }

/** Verifies a DPoP proof (RFC 9449, 4.3), all but its nonce and whether it was used before; undefined when a check fails. */
export async function verifyDpop(proof: string, check: DpopCheck): Promise<DpopProof | undefined> {
  const { method, url, token, skewSeconds, now } = check
  try {
    const { payload, protectedHeader }: JWTVerifyResult = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: PROOF_ALGORITHMS,
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      maxTokenAge: DPOP_SECONDS,
      clockTolerance: skewSeconds,
      currentDate: now,
    })
    const { jti, htm, htu, ath, nonce } = payload
    const hash = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url')
    const isFit = htm === method && sameAddress(htu, url) && (hash === undefined || ath === hash)
    const isNamed = typeof jti === 'string' && jti !== '' && jti.length <= NAME_CHARACTERS
    if (!isFit || !isNamed || protectedHeader.jwk === undefined) return undefined
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk, 'sha256')
    return { thumbprint, name: jti, nonce: typeof nonce === 'string' ? nonce : undefined }
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined
    // A key that is no key of its type comes out of the platform's own import.
    if (cause instanceof TypeError || cause instanceof DOMException) return undefined
    throw cause
  }
}

/** RFC 9449, 4.3 compares without query and fragment, after normalisation (RFC 3986, 6.2.2). */
function sameAddress(given: unknown, url: string): boolean {
  const theirs = typeof given === 'string' ? URL.parse(given) : null
  const ours = URL.parse(url)
  return theirs !== null && ours !== null && theirs.origin + theirs.pathname === ours.origin + ours.pathname
}
