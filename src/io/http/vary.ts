import type { FastifyReply } from 'fastify'

/** Says that these headers of the request decided about the answer (RFC 9110, 12.5.5), beside those that were named before. */
export function varyBy(reply: FastifyReply, ...headers: readonly string[]): void {
  const before = String(reply.getHeader('vary') ?? '')
    .split(/\s*,\s*/)
    .filter(Boolean)
  void reply.header('vary', [...new Set([...before, ...headers])].join(', '))
}
