import type { FastifyReply } from 'fastify'

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request does not fit the contract',
  401: 'The caller is not known',
  404: 'Not found',
  409: 'Another delivery of this id is here',
  413: 'The delivery is too large',
  415: 'The content type or encoding is not supported',
  422: 'The delivery is not what its manifest says',
}

/** Answers with a problem (RFC 9457); the code tells a program what the title tells a person. */
export function problem(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: TITLES[status] ?? 'The stand-in failed', status, code })
}
