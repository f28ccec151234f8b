import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { BATCH_ID, Batch, BatchPath } from '../engine/batch-shapes.ts'
import { listBatches, viewBatch } from '../engine/batch-view.sql.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { platformOf } from '../trust/access/caller.ts'
import { withDeliveries } from './batch-deliveries.sql.ts'
import { BatchPage } from './shapes.ts'

const PAGE = 20
const MAX_PAGE = 100

/** `GET /v1/batches` and `GET /v1/batches/{id}`: where a platform's batches stand; ops and steward see all. */
export async function batchesRoutes(app: FastifyInstance, { db }: { db: Pool }): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get(
    '/v1/batches',
    { config: { scope: ['batches:read', 'results:write', 'ops', 'steward'] }, schema: LIST },
    async ({ caller, query }) => {
      const limit = limitOf(query.limit, PAGE, MAX_PAGE)
      const batches = await listBatches(db, {
        platform: platformOf(caller),
        after: query.after ?? null,
        limit: limit + 1,
      })
      const page = await withDeliveries(db, batches.slice(0, limit))
      return { batches: page, next: batches.length > limit ? (page.at(-1)?.id ?? null) : null }
    },
  )

  typed.get(
    '/v1/batches/:id',
    { config: { scope: ['batches:read', 'results:write', 'ops', 'steward'] }, schema: SHOW },
    async ({ caller, params }) => {
      const batch = await viewBatch(db, params.id, platformOf(caller))
      if (batch === undefined) throw new TitianError('not-found')
      const [shown] = await withDeliveries(db, [batch])
      return shown ?? batch
    },
  )
}

const LIST = {
  operationId: 'listBatches',
  tags: ['batches'],
  summary: 'Batches, the newest first',
  description:
    'Those of the platform of the caller; the ops team and stewards see all. Follow `next` by `after` until it is null.',
  querystring: Type.Object(
    {
      after: Type.Optional(Type.String({ pattern: BATCH_ID, description: '`next` of the page before' })),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(BatchPage), ...problems('bad-request') },
}

const SHOW = {
  operationId: 'readBatch',
  tags: ['batches'],
  summary: 'One batch: state, counts, place in the queue',
  description:
    "Ask until `state` is `settled`. The counts close at every moment; `position` says how much of the platform's own is ahead.",
  params: BatchPath,
  response: { 200: ref(Batch), ...problems('not-found') },
}
