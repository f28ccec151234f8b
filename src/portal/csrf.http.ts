import type { FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'

/** What another site sends is refused, even where the browser sends the cookie along. */
export function refuseForeignSite({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return
  const { origin, host } = headers
  if (origin !== undefined && URL.parse(origin)?.host === host) return
  throw new TitianError('bad-request', 'a form of another site')
}

/** What a form of ours carries, no other page can know. */
export function requireCsrf({ caller }: FastifyRequest, given: unknown): void {
  if (caller.csrf !== undefined && given === caller.csrf) return
  throw new TitianError('bad-request', 'the form is not of this session: load the page again')
}
