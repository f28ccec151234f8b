import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { problems } from '../../io/http/openapi.ts'
import { securityTxt } from './security-txt.ts'

export type SecurityRouteOptions = { issuer: string; securityContact: string | undefined; clock: () => Date }

/** `GET /.well-known/security.txt`: whom to tell of a weakness, as the operators of this installation have set it. */
export async function securityRoutes(
  app: FastifyInstance,
  { issuer, securityContact: contact, clock }: SecurityRouteOptions,
): Promise<void> {
  const config = { public: 'whoever finds a weakness reads here whom to tell' }
  app.get('/.well-known/security.txt', { config, schema: SCHEMA }, async (_request, reply) => {
    if (contact === undefined) throw new TitianError('not-found', 'SECURITY_CONTACT is not set')
    return reply.type('text/plain; charset=utf-8').send(securityTxt({ contact, address: issuer }, clock()))
  })
}

const SCHEMA = {
  operationId: 'securityContact',
  tags: ['trust'],
  summary: 'Whom to tell of a weakness (RFC 9116)',
  description: 'Where the setting SECURITY_CONTACT leads; 404 while it is not set.',
  response: {
    200: { description: 'security.txt', content: { 'text/plain': { schema: Type.String() } } },
    ...problems('not-found'),
  },
}
