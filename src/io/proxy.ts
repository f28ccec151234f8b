import { isIP } from 'node:net'
import { TitianError } from '../domain/error.ts'

/** Where calls to others go through, as curl and most programs read it from the environment. */
export type ProxySettings = {
  HTTP_PROXY?: string | undefined
  HTTPS_PROXY?: string | undefined
  /** Hosts that are called directly, by commas: `bps.go.id` and all below it, `.go.id`, `host:port`, `*` for all. */
  NO_PROXY?: string | undefined
}

/** The proxy settings of an environment; the lower-case names that many systems use count too. */
export function proxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const of = (name: keyof ProxySettings) => env[name] || env[name.toLowerCase()] || undefined
  return { HTTP_PROXY: of('HTTP_PROXY'), HTTPS_PROXY: of('HTTPS_PROXY'), NO_PROXY: of('NO_PROXY') }
}

/**
 * The proxy for an address, or undefined when it is called directly: none is set, NO_PROXY names the host, or it is this
 * machine. Throws `config-invalid` for a proxy that is no http or https address.
 */
export function proxyFor(url: string | URL, settings: ProxySettings): string | undefined {
  const parsed = URL.parse(String(url))
  // Whoever calls it says what is wrong with an address.
  if (parsed === null) return undefined
  const { protocol, hostname, port } = parsed
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = settings[name]
  if (!proxy || isLoopback(hostname) || isExempt(hostname, port, protocol, settings.NO_PROXY ?? '')) return undefined
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new TitianError('config-invalid', `${name} is not the http or https address of a proxy`)
  return address
}

/** Whether a host is this machine under a name or number that leaves it by no network. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1' || host.startsWith('::ffff:7f')
}

function isExempt(hostname: string, port: string, protocol: string, list: string): boolean {
  const at = port || (protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true
      const [, host = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      const domain = host.replace(/^\*?\./, '')
      return (only === undefined || only === at) && (hostname === domain || hostname.endsWith(`.${domain}`))
    })
}
