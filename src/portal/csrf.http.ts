import type { FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'

/** What a form of ours carries, no other page can know. */
export function requireCsrf({ caller }: FastifyRequest, given: unknown): void {
  if (caller.csrf !== undefined && given === caller.csrf) return
  throw new TitianError('bad-request', 'the form is not of this session: load the page again')
}
