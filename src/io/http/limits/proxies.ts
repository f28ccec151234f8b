import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { TitianError } from '../../../domain/error.ts'

/** The proxies that a setting lists; throws `config-invalid` for what is neither an address nor a network in CIDR. */
export function proxiesOf(text: string | undefined, setting = 'TRUST_PROXY'): string[] {
  const proxies = (text ?? '').split(',').flatMap((word) => word.trim() || [])
  for (const one of proxies) {
    // A whole family of addresses would let anybody name any address.
    const isNarrow = !/\/0+$/.test(one)
    if (!isNarrow || !(one.includes('/') ? ipaddr.isValidCIDR(one) : isIP(one) > 0))
      throw new TitianError(
        'config-invalid',
        `${setting} lists addresses or networks, by commas: 10.1.2.3, 10.9.0.0/16`,
      )
  }
  return proxies
}
