import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TitianError } from '../../../domain/error.ts'
import { preconditionOf } from '../conditional.ts'

/** The entity tag of what a value says, in a language or form that is not part of the value. */
export function tagOf(value: unknown, beside = ''): string {
  return `"${hash('sha256', beside + JSON.stringify(value), 'hex').slice(0, 32)}"`
}

/**
 * Names what is answered by an entity tag; true when the client has it already, and then 304 is to be sent. Throws
 * `precondition-failed` where `If-Match` names another.
 */
export function isKnownTag(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  const precondition = preconditionOf(request.headers, tag)
  if (precondition === 'failed') throw new TitianError('precondition-failed')
  // Kept by whoever asked, and asked for again each time: it holds what others must not see.
  void reply.header('etag', tag).header('cache-control', 'private, no-cache')
  return precondition === 'not-modified'
}
