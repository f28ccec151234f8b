import ipaddr from 'ipaddr.js'
import { TitianError } from '../domain/error.ts'

/** Networks that webhooks may reach although they are not public. */
export type Networks = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[]

/** Public addresses at which clouds answer their own machines: Azure's wire server. */
const METADATA = ['168.63.129.16']
// The one block that IANA has given out to be routed; `range` knows the exceptions inside it.
const ROUTED_V6 = ipaddr.parseCIDR('2000::/3')

/** Reads networks in CIDR, separated by commas; throws `config-invalid` for one that is none. */
export function parseNetworks(text: string | undefined): Networks {
  const parts = (text ?? '').split(/[\s,]+/).filter(Boolean)
  return parts.map((part) => {
    if (!ipaddr.isValidCIDR(part))
      throw new TitianError('config-invalid', `WEBHOOK_NETWORKS is a list of networks as 10.20.0.0/16; ${part} is none`)
    return ipaddr.parseCIDR(part)
  })
}

/**
 * Whether an address may be called: one of the public internet, or one of these networks. What carries an IPv4 address inside (mapped,
 * NAT64, 6to4, Teredo) is not public; a mapped one is judged as the IPv4 address that it means.
 */
export function isCallable(address: string, networks: Networks, only: 'public' | 'networks'): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (networks.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base, bits))) return true
  if (only === 'networks' || parsed.range() !== 'unicast' || METADATA.includes(parsed.toString())) return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(ROUTED_V6)
}
