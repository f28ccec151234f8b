import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { platformOf } from '../../trust/access/caller.ts'
import { Batch, BatchPath } from '../batch-shapes.ts'
import { viewBatch } from '../batch-view.sql.ts'
import { type AbortDeps, abortBatch } from './abort.db.ts'

const ABORT_MILLISECONDS = 600_000

/** `POST /v1/batches/{id}/abort`: what is not linked yet of a batch is dropped. */
export async function abortRoutes(app: FastifyInstance, deps: AbortDeps): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/batches/:id/abort',
      { config: { scope: ['batches:write', 'ops'] }, handlerTimeout: ABORT_MILLISECONDS, schema: ABORT },
      async ({ params: { id }, caller }) => {
        const platform = platformOf(caller)
        await abortBatch(deps, { batch: id as BatchId, platform, by: caller.client })
        const batch = await viewBatch(deps.db, id, platform)
        if (batch === undefined) throw new TitianError('not-found')
        return batch
      },
    )
}

const ABORT = {
  operationId: 'abortBatch',
  tags: ['batches'],
  summary: 'Abort a batch',
  description:
    'Entries that are not linked yet are rejected with the finding `batch-aborted`; what is linked stays, and can be withdrawn ' +
    'afterwards. Asked again, the answer is the same batch.',
  params: BatchPath,
  response: {
    200: ref(Batch),
    ...problems('bad-request', 'not-found', 'key-running', 'batch-linked', 'batch-not-pushed'),
  },
}
