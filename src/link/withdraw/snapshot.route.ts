import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { Batch, BatchPath } from '../../engine/batch-shapes.ts'
import { viewBatch } from '../../engine/batch-view.sql.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { decideHeldSnapshot } from './snapshot.db.ts'
import { SnapshotDecisionBody } from './withdraw-shapes.ts'

export type SnapshotRouteDeps = {
  db: Pool
  vault: Pick<Vault, 'seal'>
  crash(point: string): void
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

const DECIDE_MILLISECONDS = 600_000

/** `POST /v1/batches/{id}/snapshot`: what operators decide about a snapshot that is held. */
export async function heldSnapshotRoutes(app: FastifyInstance, deps: SnapshotRouteDeps): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/batches/:id/snapshot',
      { config: { scope: 'ops' }, handlerTimeout: DECIDE_MILLISECONDS, schema: DECIDE },
      async ({ params: { id }, body, caller }) => {
        if ((await viewBatch(deps.db, id, null)) === undefined) throw new TitianError('not-found')
        await decideHeldSnapshot(deps, id as BatchId, { ...body, by: caller.client })
        const batch = await viewBatch(deps.db, id, null)
        if (batch === undefined) throw new TitianError('not-found')
        await deps.dispatch(batch.platform).catch(() => undefined)
        return batch
      },
    )
}

const DECIDE = {
  operationId: 'decideSnapshot',
  tags: ['batches'],
  summary: 'Decide about a held snapshot',
  description:
    'A snapshot is held when more of the dataset is absent from it than the dataset allows, or when a line had no readable key. ' +
    '`withdraw`: what is absent is withdrawn after all; `keep`: it stays. The reason is kept sealed.',
  params: BatchPath,
  body: ref(SnapshotDecisionBody),
  response: { 200: ref(Batch), ...problems('bad-request', 'not-found', 'snapshot-decided', 'indexes-moving') },
}
