import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import { PLATFORM_NAME } from '../../../domain/platform.ts'
import { isLoopback } from '../../../io/proxy.ts'

/** Asymmetric ones alone: with a shared secret, or none, whoever reads the public keys could issue. */
const ISSUER_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const

const closed = { additionalProperties: false }
const Text = Type.String({ minLength: 1, maxLength: 500 })
const Client = Type.Object(
  { client: Text, platform: Type.Union([Type.String({ pattern: `^${PLATFORM_NAME}$` }), Type.Null()]) },
  closed,
)
const TrustedIssuer = Type.Object(
  {
    issuer: Text,
    /** Address (https, or on this machine) or file of its public keys. */
    jwks: Text,
    audience: Text,
    algorithms: Type.Array(Type.Enum([...ISSUER_ALGORITHMS]), { minItems: 1, maxItems: ISSUER_ALGORITHMS.length }),
    /** The media type in the head of its tokens: that of RFC 9068, where it is not said. */
    typ: Type.Optional(Type.Enum(['at+jwt', 'JWT'])),
    /** The claim that names who calls, and which of our clients each value of it is. */
    claim: Text,
    clients: Type.Record(Type.String({ minLength: 1, maxLength: 500 }), Client),
  },
  closed,
)
/** An issuer of tokens outside of Titian, and whom its tokens speak for. */
export type TrustedIssuer = Static<typeof TrustedIssuer>
const Issuers = Type.Array(TrustedIssuer, { minItems: 1, maxItems: 20 })

/** The issuers of ISSUERS_FILE; none may be `own`, the gateway itself. Throws `config-invalid`. */
export function readIssuers(path: string, own: string): TrustedIssuer[] {
  let issuers: unknown
  try {
    issuers = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new TitianError('config-invalid', `ISSUERS_FILE: ${path} cannot be read as JSON`, { cause })
  }
  if (!Value.Check(Issuers, issuers)) {
    const place = Value.Errors(Issuers, issuers)[0]?.instancePath ?? ''
    throw new TitianError('config-invalid', `ISSUERS_FILE: ${path} is wrong at "${place}"`)
  }
  const names = new Set([own, ...issuers.map(({ issuer }) => issuer)])
  if (names.size <= issuers.length)
    throw new TitianError('config-invalid', `ISSUERS_FILE: ${path} names an issuer twice, or the gateway itself`)
  for (const { jwks, issuer } of issuers)
    if (isInTheClear(jwks))
      throw new TitianError(
        'config-invalid',
        `ISSUERS_FILE: the keys of ${issuer} are fetched by https, or from a file`,
      )
  return issuers
}

function isInTheClear(jwks: string): boolean {
  const url = URL.parse(jwks)
  return url !== null && url.protocol === 'http:' && !isLoopback(url.hostname)
}
