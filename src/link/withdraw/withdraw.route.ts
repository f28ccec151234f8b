import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { BatchPath } from '../../engine/batch-shapes.ts'
import { viewBatch } from '../../engine/batch-view.sql.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import type { Caller } from '../../trust/access/caller.ts'
import { readWithdrawal } from '../subjects/withdrawal.sql.ts'
import { type WithdrawDeps, withdrawBatch, withdrawRecord } from './request.db.ts'
import { GivenReason, Withdrawal, WithdrawalBody } from './withdraw-shapes.ts'

export type WithdrawRouteDeps = WithdrawDeps & {
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

const WITHDRAW_MILLISECONDS = 600_000

/** `DELETE /v1/records/{dataset}/{key}` and `POST /v1/batches/{id}/withdraw`: a platform takes back what it stated. */
export async function withdrawRoutes(app: FastifyInstance, deps: WithdrawRouteDeps): Promise<void> {
  const { db, dispatch } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'batches:write' } as const

  typed.delete('/v1/records/:dataset/:key', { config, schema: RECORD }, async ({ params, query, caller }, reply) => {
    const platform = ownPlatform(caller)
    const record = { platform, dataset: params.dataset, key: params.key }
    const id = await withdrawRecord(deps, record, { reason: query.reason, by: caller.client })
    return answer(reply, id, platform)
  })

  typed.post(
    '/v1/batches/:id/withdraw',
    { config, handlerTimeout: WITHDRAW_MILLISECONDS, schema: BATCH },
    async ({ params, body, caller }, reply) => {
      const platform = ownPlatform(caller)
      const batch = { batch: params.id as BatchId, platform }
      const id = await withdrawBatch(deps, batch, { reason: body.reason, by: caller.client })
      return answer(reply, id, platform)
    },
  )

  async function answer(reply: FastifyReply, id: BatchId, platform: string) {
    await dispatch(platform).catch(() => undefined)
    const [wish, batch] = [await readWithdrawal(db, id), await viewBatch(db, id, platform)]
    if (wish === undefined || batch === undefined) throw new Error(`${id} vanished after its commit`)
    const { reason, about, requestedAt } = wish
    void reply.code(202).header('location', `/v1/batches/${id}`)
    return { reason, about, requested_at: requestedAt.toISOString(), batch }
  }
}

function ownPlatform({ client, platform }: Caller): string {
  if (platform === null) throw new TitianError('scope-missing', `client ${client} speaks for no platform`)
  return platform
}

const closed = { additionalProperties: false }

const RECORD = {
  operationId: 'withdrawRecord',
  tags: ['records'],
  summary: 'Withdraw a record',
  description: [
    'By the key of an entry: the entry with everything that came under its key. By the key of a member: that member.',
    'It goes through the pipeline as a batch of its own; BPS is told. Asked again, the answer is the same batch.',
    'The order of receipt decides: what was pushed before is withdrawn even if it is linked later, what is pushed after is new.',
  ].join('\n'),
  params: Type.Object({ dataset: Type.String(), key: Type.String({ minLength: 1, maxLength: 512 }) }, closed),
  querystring: Type.Object({ reason: GivenReason }, closed),
  response: {
    202: { description: 'The withdrawal is under way, or done', ...json(ref(Withdrawal)) },
    ...problems('bad-request', 'not-found', 'indexes-moving'),
  },
}

const BATCH = {
  operationId: 'withdrawBatch',
  tags: ['batches'],
  summary: 'Withdraw a batch',
  description: [
    'The records whose latest state came in this batch are withdrawn. An earlier state does not come back: the registry keeps',
    'the latest one only. Push what is right again. What a later batch stated stays. Asked again, the answer is the same batch.',
  ].join('\n'),
  params: BatchPath,
  body: ref(WithdrawalBody),
  response: {
    202: { description: 'The withdrawal is under way, or done', ...json(ref(Withdrawal)) },
    ...problems('bad-request', 'not-found', 'batch-pending', 'batch-not-pushed', 'indexes-moving'),
  },
}
