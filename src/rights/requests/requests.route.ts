import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { problems, ref } from '../../io/http/openapi.ts'
import { listRequests } from './request.sql.ts'
import { clockOf } from './request.ts'
import { RequestList } from './request-shapes.ts'

const PAGE = 200

/** `GET /v1/requests`: everything that persons have asked for, with the clock of the law. */
export async function requestRoutes(
  app: FastifyInstance,
  { db, clock }: { db: Pool; clock: () => Date },
): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get('/v1/requests', { config: { scope: ['steward', 'ops'] }, schema: LIST }, async ({ query }) => {
      const now = clock()
      const wanted = { open: query.all !== 'true', after: query.after ?? '', limit: PAGE }
      const found = await listRequests(db, wanted)
      const requests = found.map((one) => {
        const { due, late } = clockOf(one, now)
        const { id, right, subject, state, receivedAt, endedAt } = one
        const moments = { received_at: receivedAt.toISOString(), due_at: due?.toISOString() ?? null }
        return { id, right, subject, state, ...moments, ended_at: endedAt?.toISOString() ?? null, late }
      })
      return { requests, next: found.length === PAGE ? (found.at(-1)?.id ?? null) : null }
    })
}

const LIST = {
  operationId: 'listPersonRequests',
  tags: ['subjects'],
  summary: 'What persons have asked for, and by when it is due',
  description:
    'Access, correction, restriction and erasure: those that are not ended, or all. No personal value is told.',
  querystring: Type.Object(
    {
      all: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
      after: Type.Optional(Type.String({ pattern: '^(req|rst|era)_[0-9a-z]{26}$' })),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(RequestList), ...problems('bad-request') },
}
