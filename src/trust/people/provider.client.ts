import * as oidc from 'openid-client'
import { fetch as call, ProxyAgent } from 'undici'
import { isLoopback } from '../../io/proxy.ts'

/** Where the office's identities are, and how this gateway is known there. */
export type ProviderSettings = {
  issuer: URL
  clientId: string
  secret: string
  /** The claim that says what a person is. */
  rolesClaim: string
  /** The proxy that an address is called through; undefined: directly. */
  proxyFor(url: URL): string | undefined
}

/** What has to be remembered between the way to the provider and the way back. */
export type Flow = { state: string; nonce: string; verifier: string; next?: string }

/** Whom a provider knows: the subject, a name to show, and what the claim of roles says. */
export type ProviderIdentity = { issuer: string; subject: string; name: string; claimed: string[] }

/** A provider of OpenID Connect. Both calls throw what the library throws where it is away or its answer cannot be trusted. */
export type Provider = {
  host: string
  /** Where a browser is sent to (authorization code with PKCE, state and nonce). */
  begin(redirectUri: string, next: string | undefined): Promise<{ url: URL; flow: Flow }>
  /** Who came back. */
  finish(callback: URL, flow: Flow): Promise<ProviderIdentity>
}

const SECONDS = 10

/** Asks a provider; its metadata is read when it is first wanted. */
export function openProvider({ issuer, clientId, secret, rolesClaim, proxyFor }: ProviderSettings): Provider {
  let found: Promise<oidc.Configuration> | undefined

  async function discover(): Promise<oidc.Configuration> {
    // Plain http is for a provider on this very machine.
    const isHere = issuer.protocol === 'http:' && isLoopback(issuer.hostname)
    const proxy = proxyFor(issuer)
    const dispatcher = proxy === undefined ? undefined : new ProxyAgent(proxy)
    const options = {
      timeout: SECONDS,
      ...(isHere && { execute: [oidc.allowInsecureRequests] }),
      ...(dispatcher && {
        [oidc.customFetch]: (url: string, init: object) =>
          call(url, { ...init, dispatcher }) as unknown as Promise<Response>,
      }),
    }
    return oidc.discovery(issuer, clientId, secret, undefined, options)
  }

  function configuration(): Promise<oidc.Configuration> {
    found ??= discover().catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }

  return {
    host: issuer.host,
    async begin(redirectUri, next) {
      const config = await configuration()
      const flow = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      })
      return { url, flow: { ...flow, ...(next !== undefined && { next }) } }
    },
    async finish(callback, { state, nonce, verifier }) {
      const config = await configuration()
      const tokens = await oidc.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const told = tokens.claims()
      if (told === undefined) throw new Error('the provider sent no ID token')
      const more = config.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(config, tokens.access_token, told.sub)
        : {}
      const claims: Record<string, unknown> = { ...told, ...more }
      const name = claims.preferred_username ?? claims.name ?? told.sub
      const claimed = [claims[rolesClaim] ?? []].flat().filter((one) => typeof one === 'string')
      return { issuer: told.iss, subject: told.sub, name: String(name).slice(0, 80), claimed }
    },
  }
}
