import type { Config } from './config.ts'
import { proxyFor } from './io/proxy.ts'
import { withIssuers } from './trust/access/issuers/external-tokens.ts'
import { issuerKeys } from './trust/access/issuers/issuer-keys.client.ts'
import { readIssuers } from './trust/access/issuers/issuers.file.ts'
import type { Tokens } from './trust/access/token.ts'

/** Tokens of the gateway, and of the issuers that ISSUERS_FILE names. Throws `config-invalid`. */
export function tokensOf(
  config: Config,
  own: Tokens,
  { issuer, skewSeconds }: { issuer: string; skewSeconds: number },
): Tokens {
  if (config.ISSUERS_FILE === undefined) return own
  const issuers = readIssuers(config.ISSUERS_FILE, issuer).map((trusted) => ({
    trusted,
    keys: issuerKeys(trusted.jwks, { proxy: proxyFor(trusted.jwks, config) }),
  }))
  return withIssuers(own, issuers, skewSeconds)
}
