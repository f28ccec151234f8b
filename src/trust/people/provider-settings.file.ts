import { readFileSync } from 'node:fs'
import { TitianError } from '../../domain/error.ts'
import { isLoopback, type ProxySettings, proxyFor } from '../../io/proxy.ts'
import type { ProviderSettings } from './provider.client.ts'

type Named = ProxySettings & {
  OIDC_ISSUER?: string
  OIDC_CLIENT_ID?: string
  OIDC_CLIENT_SECRET_FILE?: string
  OIDC_ROLES_CLAIM: string
}

/** The provider that settings name, with the secret out of its file; undefined when they name none. Throws `config-invalid`. */
export function readProvider(settings: Named): ProviderSettings | undefined {
  const { OIDC_ISSUER, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET_FILE: file, OIDC_ROLES_CLAIM } = settings
  if (OIDC_ISSUER === undefined && clientId === undefined && file === undefined) return undefined
  if (OIDC_ISSUER === undefined || clientId === undefined || file === undefined)
    throw new TitianError('config-invalid', 'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET_FILE belong together')
  const issuer = URL.parse(OIDC_ISSUER)
  const isFit = issuer?.protocol === 'https:' || (issuer?.protocol === 'http:' && isLoopback(issuer.hostname))
  if (issuer === null || !isFit) throw new TitianError('config-invalid', 'OIDC_ISSUER must be an https address')
  return {
    ...{ issuer, clientId, secret: secretIn(file), rolesClaim: OIDC_ROLES_CLAIM },
    proxyFor: (url) => proxyFor(url, settings),
  }
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new TitianError('config-invalid', 'OIDC_CLIENT_SECRET_FILE cannot be read', { cause })
  }
}
