import type { FastifyInstance } from 'fastify'
import ipaddr from 'ipaddr.js'
import { TitianError } from '../../domain/error.ts'
import { proxiesOf } from '../../io/http/limits/proxies.ts'

export type CredentialSettings = { CREDENTIAL_HEADER?: string; CREDENTIAL_PROXIES?: string }

/**
 * Behind a bus that brings a credential of its own in Authorization (SPLP), the caller's own credential is what the bus passes on in a
 * header that is named here; from anybody but the named proxies that header says nothing. To be registered before the authentication.
 * Throws `config-invalid` where one setting is there without the other.
 */
export function takeCredentialFrom(app: FastifyInstance, settings: CredentialSettings): void {
  const { CREDENTIAL_HEADER: header, CREDENTIAL_PROXIES: proxies } = settings
  if (header === undefined && proxies === undefined) return
  const isBus = matcher(proxiesOf(proxies, 'CREDENTIAL_PROXIES'))
  const name = header?.toLowerCase()
  if (name === undefined || proxies === undefined)
    throw new TitianError(
      'config-invalid',
      'CREDENTIAL_HEADER and CREDENTIAL_PROXIES are named together, or neither is',
    )
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    if (isBus(raw.socket.remoteAddress)) {
      const given = raw.headers[name]
      // What the bus says of itself is no credential of the caller's, and several are none.
      if (typeof given === 'string' && !given.includes(',')) raw.headers.authorization = given
      else delete raw.headers.authorization
    }
    done()
  })
}

/** Tells whether an address is one of some addresses and networks. */
function matcher(listed: readonly string[]): (address: string | undefined) => boolean {
  const networks = listed.map((one) =>
    ipaddr.parseCIDR(one.includes('/') ? one : `${one}/${one.includes(':') ? 128 : 32}`),
  )
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    return networks.some(([base, bits]) => parsed.kind() === base.kind() && parsed.match(base, bits))
  }
}
