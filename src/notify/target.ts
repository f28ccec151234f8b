import { isCallable, type Networks } from './address.ts'

const MOST_LENGTH = 1000
const LOWEST_FREE_PORT = 1024

/** Why an address cannot be a webhook's. */
export type TargetFault =
  | 'url-invalid'
  | 'url-too-long'
  | 'https-required'
  | 'credentials-in-url'
  | 'fragment-in-url'
  | 'port-refused'
  | 'address-private'

/** Where a webhook is sent; `hostname` without the brackets of an IPv6 address. */
export type WebhookTarget = { url: URL; hostname: string; reach: 'public' | 'networks' }

/**
 * Reads the address of a webhook: https on port 443 or above 1023, without a password. Plain http is for the configured networks
 * alone. A host name is judged again when it is called, by the address that it then has.
 */
export function readTarget(text: string, networks: Networks): WebhookTarget | TargetFault {
  if (text.length > MOST_LENGTH) return 'url-too-long'
  // A parser of URLs drops blanks and turns backslashes: what was meant is then anybody's guess.
  const url = /^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(text) ? URL.parse(text) : null
  if (url === null || url.hostname === '') return 'url-invalid'
  if (url.username !== '' || url.password !== '') return 'credentials-in-url'
  if (url.hash !== '' || text.includes('#')) return 'fragment-in-url'
  const isPlain = url.protocol === 'http:'
  if (isPlain && networks.length === 0) return 'https-required'
  // An empty port is the protocol's own. The others below 1024 are those of mail, shells and the like.
  if (url.port !== '' && Number(url.port) < LOWEST_FREE_PORT) return 'port-refused'
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const reach = isPlain ? 'networks' : 'public'
  if (isLiteral(hostname) && !isCallable(hostname, networks, reach)) return 'address-private'
  if (isLocalName(hostname) && networks.length === 0) return 'address-private'
  return { url, hostname, reach }
}

/** Whether a host name is an address itself, which is never looked up. URLs have other spellings (`0x7f.1`) mended already. */
function isLiteral(hostname: string): boolean {
  return hostname.includes(':') || /^[\d.]+$/.test(hostname)
}

function isLocalName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname)
}
