import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { platformOf } from '../../trust/access/caller.ts'
import { BatchPath, Release } from '../batch-shapes.ts'
import { viewBatch } from '../batch-view.sql.ts'
import { type ReleaseDeps, releaseBatch } from './release.db.ts'

export type ReleaseRouteOptions = ReleaseDeps & {
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

const RELEASE_MILLISECONDS = 600_000

/** `POST /v1/batches/{id}/release`: what a batch holds back is worked again, after a rule or a code list was mended. */
export async function releaseRoutes(app: FastifyInstance, options: ReleaseRouteOptions): Promise<void> {
  const { db, dispatch } = options
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/batches/:id/release',
      { config: { scope: ['ops', 'steward'] }, handlerTimeout: RELEASE_MILLISECONDS, schema: RELEASE },
      async (request, reply) => {
        const { id } = request.params
        const before = await viewBatch(db, id, platformOf(request.caller))
        if (before === undefined) throw new TitianError('not-found')
        const done = await releaseBatch(options, id as BatchId, request.caller.client)
        if (done.released > 0)
          dispatch(before.platform).catch((error: unknown) =>
            request.log.warn({ batch: id, err: error }, 'not dispatched'),
          )
        const batch = (await viewBatch(db, id, null)) ?? before
        return reply.code(done.released > 0 ? 202 : 200).send({ ...done, batch })
      },
    )
}

const RELEASE = {
  operationId: 'releaseBatch',
  tags: ['batches'],
  summary: 'Work the held entries of a batch again',
  description:
    'After a rule or a code list was mended: only the held entries start over, in the order they were received, under the current ' +
    'version of the dataset. They are pending until their new outcome is known; what a newer batch has said stays.',
  params: BatchPath,
  response: {
    200: { description: 'Nothing was held', ...json(ref(Release)) },
    202: { description: 'The held entries are under way', ...json(ref(Release)) },
    ...problems('not-found'),
  },
}
