import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import { isSameSite } from './same-site.ts'

/** A form of another site cannot act here, even where the browser sends the caller's cookie or password along. */
export function refuseForeignSite({ method, headers, raw }: FastifyRequest, publicUrl: string): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return
  const { origin, host } = headers
  if (origin !== undefined && isSameSite(origin, { host, isTls: raw.socket instanceof TLSSocket, publicUrl })) return
  throw new TitianError('bad-request', 'a form of another site')
}
