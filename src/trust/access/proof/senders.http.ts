import type { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import type { Db } from '../../../io/postgres/postgres.ts'
import type { Vault } from '../../keys/vault.ts'
import type { Bound } from '../token.ts'
import { DPOP_SECONDS, verifyDpop } from './dpop.ts'
import { createNonces } from './nonce.ts'
import { useProof } from './used-proof.sql.ts'

/** What a caller proves to hold: nothing, a key or certificate, or a proof that does not hold or lacks our nonce. */
type Sender = { is: 'none' } | { is: 'proven'; bound: Bound } | { is: 'wrong' } | { is: 'nonce' }

/** Finds out who holds the key or certificate behind a request. */
export type Senders = {
  /** By a `DPoP` header (RFC 9449), which counts once; `token` where one comes along. */
  byKey(request: FastifyRequest, token?: string): Promise<Sender>
  /** The nonce that the next proof has to repeat. */
  nonce(): string
}

export type SendersOptions = {
  db: Db
  vault: Pick<Vault, 'index'>
  /** The gateway's public address: what a proof names begins with it. */
  issuer: string
  skewSeconds?: number
  clock?: () => Date
}

const SKEW_SECONDS = 5

/** Verifies proofs with this memory of used ones, which all gateways share. */
export function createSenders({
  db,
  vault,
  issuer,
  skewSeconds = SKEW_SECONDS,
  clock = () => new Date(),
}: SendersOptions): Senders {
  const nonces = createNonces(vault)
  return {
    nonce: () => nonces.current(clock()),
    async byKey(request, token) {
      const [proof, ...more] = headersNamed(request, 'dpop')
      if (proof === undefined) return { is: 'none' }
      if (more.length > 0) return { is: 'wrong' }
      const url = issuer + (request.url.split('?')[0] ?? '')
      const now = clock()
      const checks = { method: request.method, url, skewSeconds, now, ...(token !== undefined && { token }) }
      const found = await verifyDpop(proof, checks)
      if (found === undefined) return { is: 'wrong' }
      if (found.nonce === undefined || !nonces.isOurs(found.nonce, now)) return { is: 'nonce' }
      const isFirst = await useProof(db, found.thumbprint, found.name, DPOP_SECONDS + 2 * skewSeconds)
      return isFirst ? { is: 'proven', bound: { jkt: found.thumbprint } } : { is: 'wrong' }
    },
  }
}

/** SHA-256 thumbprint, in base64url, of the certificate that a caller connected with; undefined without one, or when it has ended. */
export function thumbprintOf({ raw }: FastifyRequest, now: Date): string | undefined {
  const certificate = raw.socket instanceof TLSSocket ? raw.socket.getPeerX509Certificate() : undefined
  return certificate === undefined ? undefined : thumbprintAt(certificate, now)
}

/** The thumbprint of a certificate, unless its time has not come or is over. */
function thumbprintAt(certificate: X509Certificate, now: Date): string | undefined {
  const isValid = certificate.validFromDate <= now && now <= certificate.validToDate
  return isValid ? Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url') : undefined
}

function headersNamed({ raw }: FastifyRequest, name: string): string[] {
  return raw.rawHeaders.filter((_, at) => at % 2 === 1 && raw.rawHeaders[at - 1]?.toLowerCase() === name)
}
