import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { TitianError } from '../../../domain/error.ts'
import { KEY_CARRIERS } from '../proof/client-keys.ts'
import { isScope, SCOPES, type Scope } from '../scopes.ts'
import { boundOf, type Grant, type Tokens } from '../token.ts'
import type { TrustedIssuer } from './issuers.file.ts'

/** What a token of somebody else may live, at most, whatever it says. */
const MOST_SECONDS = 3600

/** An issuer with its keys. */
export type KnownIssuer = { trusted: TrustedIssuer; keys: JWTVerifyGetKey }

/** Tokens as before, and besides those of other issuers, which stand for the clients that the operators named. */
export function withIssuers(tokens: Tokens, issuers: readonly KnownIssuer[], skewSeconds: number): Tokens {
  const byName = new Map(issuers.map((one) => [one.trusted.issuer, one]))
  return {
    ...tokens,
    async verify(token, now) {
      const issuer = byName.get(issuerOf(token) ?? '')
      return issuer === undefined ? tokens.verify(token, now) : verifyExternal(token, issuer, now, skewSeconds)
    },
  }
}

async function verifyExternal(
  token: string,
  { trusted, keys }: KnownIssuer,
  now: Date,
  skewSeconds: number,
): Promise<Grant> {
  const { issuer, audience, algorithms, typ = 'at+jwt', claim, clients } = trusted
  try {
    const header = decodeProtectedHeader(token)
    if (KEY_CARRIERS.some((name) => Object.hasOwn(header, name))) throw refused('it carries a key')
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, audience, typ, algorithms, currentDate: now, clockTolerance: skewSeconds },
      maxTokenAge: MOST_SECONDS,
      requiredClaims: ['iss', 'aud', 'exp', 'iat', claim],
    })
    return grantOf(payload, String(payload[claim]), clients)
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause
    throw refused(cause.code)
  }
}

/** Scopes that the token does not name are those of the client, which the gateway looks up besides. */
function grantOf({ scope, cnf }: JWTPayload, caller: string, clients: TrustedIssuer['clients']): Grant {
  if (!Object.hasOwn(clients, caller)) throw refused('its caller is no client of ours')
  const { client, platform } = clients[caller] as TrustedIssuer['clients'][string]
  if (scope !== undefined && typeof scope !== 'string') throw refused('its scope is no text')
  const bound = boundOf(cnf)
  const scopes = scope === undefined ? (Object.keys(SCOPES) as Scope[]) : scope.split(' ').filter(isScope)
  return { client, platform, scopes, ...(bound && { bound }) }
}

/** Who says to have issued a token; nothing is believed of it but whose keys are to judge it. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function refused(why: string): TitianError {
  return new TitianError('token-invalid', `token of another issuer refused: ${why}`)
}
