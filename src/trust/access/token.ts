import { type KeyObject, randomUUID } from 'node:crypto'
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { TitianError } from '../../domain/error.ts'
import type { KeyRing } from '../keys/keyring.ts'
import { onceASecond } from '../keys/reloading.ts'
import { isOutlived, signerOf, verifiersOf } from '../keys/signing-keys.ts'
import { KEY_CARRIERS } from './proof/client-keys.ts'
import { isScope, type Scope } from './scopes.ts'

const TYPE = 'at+jwt'
const SKEW_SECONDS = 5
/** RFC 9864 renames EdDSA; issuers and libraries of both ages are about. */
const ALGORITHMS = ['EdDSA', 'Ed25519']
const CLAIMS = ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'scope']

/** What a token is bound to: the thumbprint of a key (RFC 9449, 6.1) or of a certificate (RFC 8705, 3.1). */
export type Bound = { jkt: string } | { 'x5t#S256': string }
/** What an access token grants: the client, the platform it speaks for, and the scopes; `bound` is whose it is. */
export type Grant = { client: string; platform: string | null; scopes: Scope[]; bound?: Bound }

/** Issues and verifies access tokens (RFC 9068). */
export type Tokens = {
  /** How long a token lives. */
  seconds: number
  issue(grant: Grant, now: Date): Promise<string>
  /** Throws `token-invalid`, with the reason for the log, unless every check of RFC 9068, 4 holds. */
  verify(token: string, now: Date): Promise<Grant>
}

export type TokenOptions = {
  /** The gateway's public address; also the audience. */
  issuer: string
  /** How long a token lives. */
  seconds: number
  /** How far the clocks of two gateways may differ: what one issues, the other accepts. */
  skewSeconds?: number
  /** Reads the ring anew, in place: another process may issue under keys that came into it after our start. */
  reload?: () => KeyRing
}

/** Tokens under the signing keys of a ring. */
export function createTokens(ring: KeyRing, options: TokenOptions): Tokens {
  const { issuer, seconds, skewSeconds = SKEW_SECONDS, reload = () => ring } = options
  const verifierOf = verifierSource(ring, reload)
  return {
    seconds,
    issue({ client, platform, scopes, bound }, now) {
      const { keyid, key } = signerOf(ring.tokens, now)
      const created = Math.floor(now.getTime() / 1000)
      const claims = { ...(platform !== null && { platform }), ...(bound && { cnf: bound }) }
      return new SignJWT({ client_id: client, scope: scopes.join(' '), ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: keyid })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(client)
        .setIssuedAt(created)
        .setExpirationTime(created + seconds)
        .setJti(randomUUID())
        .sign(key)
    },
    async verify(token, now) {
      try {
        refuseKeyCarriers(token)
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = verifierOf(kid ?? '')
            // Whoever has an old key must not go on issuing: it counts as long as its last tokens may live.
            const isOld = isOutlived(ring.tokens, kid ?? '', now, seconds + skewSeconds)
            if (key === undefined || isOld) throw new errors.JWKSNoMatchingKey()
            return key
          },
          {
            issuer,
            audience: issuer,
            typ: TYPE,
            algorithms: ALGORITHMS,
            requiredClaims: CLAIMS,
            clockTolerance: skewSeconds,
            maxTokenAge: seconds,
            currentDate: now,
          },
        )
        return grantOf(payload)
      } catch (cause) {
        if (!(cause instanceof errors.JOSEError)) throw cause
        throw new TitianError('token-invalid', `token refused: ${cause.code}`)
      }
    },
  }
}

/** Public keys by key id, as the ring has them now; an id that is not in it has the ring read anew, once a second at most. */
function verifierSource(ring: KeyRing, reload: () => KeyRing): (kid: string) => KeyObject | undefined {
  const renewed = onceASecond(reload)
  let from = ring.tokens
  let verifiers = verifiersOf(from)
  const find = (kid: string) => {
    if (ring.tokens !== from) {
      from = ring.tokens
      verifiers = verifiersOf(from)
    }
    return verifiers.get(kid)
  }
  return (kid) => find(kid) ?? (renewed() && find(kid))
}

function refuseKeyCarriers(token: string): void {
  let header: object
  try {
    header = decodeProtectedHeader(token)
  } catch {
    throw new TitianError('token-invalid', 'token refused: not a JWS')
  }
  if (KEY_CARRIERS.some((name) => Object.hasOwn(header, name)))
    throw new TitianError('token-invalid', 'token refused: it carries a key')
}

function grantOf({ sub, client_id, scope, platform, aud, cnf }: JWTPayload): Grant {
  const honest = typeof sub === 'string' && client_id === sub && typeof scope === 'string' && typeof aud === 'string'
  if (!honest || (platform !== undefined && typeof platform !== 'string'))
    throw new TitianError('token-invalid', 'token refused: claims do not fit')
  const bound = boundOf(cnf)
  return { client: sub, platform: platform ?? null, scopes: scope.split(' ').filter(isScope), ...(bound && { bound }) }
}

/** What the claim `cnf` binds a token to. One that we do not know throws `token-invalid`: the token would be anybody's else. */
export function boundOf(cnf: unknown): Bound | undefined {
  if (cnf === undefined) return undefined
  const [[name, value] = [], ...more] = typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : []
  if (more.length === 0 && typeof value === 'string' && value !== '') {
    if (name === 'jkt') return { jkt: value }
    if (name === 'x5t#S256') return { 'x5t#S256': value }
  }
  throw new TitianError('token-invalid', 'token refused: its binding is not known')
}
