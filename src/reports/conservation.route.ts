import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { problems, ref } from '../io/http/openapi.ts'
import { platformOf } from '../trust/access/caller.ts'
import { sumBatches } from './conservation.sql.ts'
import { balance } from './conservation.ts'
import { Conservation } from './shapes.ts'

/** `GET /v1/conservation`: what came in against what became of it; a platform sees its own sums, ops and steward all. */
export async function conservationRoutes(app: FastifyInstance, { db }: { db: Pool }): Promise<void> {
  app.get(
    '/v1/conservation',
    { config: { scope: ['conservation:read', 'results:write', 'ops', 'steward'] }, schema: SCHEMA },
    async ({ caller }) => balance(await sumBatches(db, platformOf(caller))),
  )
}

const SCHEMA = {
  operationId: 'readConservation',
  tags: ['conservation'],
  summary: 'Do the sums close?',
  description: 'For every batch: received = new + updated + unchanged + rejected + held + pending, counted three ways.',
  response: { 200: ref(Conservation), ...problems() },
}
