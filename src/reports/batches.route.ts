import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { BATCH } from '../domain/states.ts'
import { BATCH_ID, Batch, BatchPath } from '../engine/batch-shapes.ts'
import { type BatchView, listBatches, viewBatch } from '../engine/batch-view.sql.ts'
import { preconditionOf } from '../io/http/conditional.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { LONGEST_WAIT, openLongPoll } from '../io/http/waiting/long-poll.http.ts'
import { isKnownTag, tagOf } from '../io/http/waiting/tagged.http.ts'
import { countOpenTasks } from '../rights/correct/correction.sql.ts'
import { platformOf } from '../trust/access/caller.ts'
import { readPace, readProgressMark } from './batch/progress.sql.ts'
import { secondsToGo, secondsToRetry } from './batch/progress.ts'
import { withDeliveries } from './batch-deliveries.sql.ts'
import { BatchPage } from './shapes.ts'

const PAGE = 20
const MAX_PAGE = 100

/** `GET /v1/batches` and `GET /v1/batches/{id}`: where a platform's batches stand; ops and steward see all. */
export async function batchesRoutes(app: FastifyInstance, { db }: { db: Pool }): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const longPoll = openLongPoll(app, () => readProgressMark(db))

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
      const next = batches.length > limit ? (page.at(-1)?.id ?? null) : null
      if (caller.platform === null) return { batches: page, next }
      const { open, dueAt } = await countOpenTasks(db, caller.platform)
      return { batches: page, next, ...(dueAt !== null && { corrections: { open, due_at: dueAt.toISOString() } }) }
    },
  )

  typed.get(
    '/v1/batches/:id',
    { config: { scope: ['batches:read', 'results:write', 'ops', 'steward'] }, schema: SHOW },
    async (request, reply) => {
      const { caller, params, query, headers } = request
      const look = async () => {
        const batch = await viewBatch(db, params.id, platformOf(caller))
        if (batch === undefined) throw new TitianError('not-found')
        const [shown] = await withDeliveries(db, [batch])
        return shown ?? batch
      }
      // Who names a tag waits for any change, everybody else for the end.
      const knows = (batch: BatchView) => preconditionOf(headers, tagOf(batch)) === 'not-modified'
      const isEarly = (batch: BatchView) =>
        batch.state !== BATCH.settled && (headers['if-none-match'] === undefined || knows(batch))
      const batch = await longPoll(reply, Number(query.wait ?? '0'), look, isEarly)
      if (isKnownTag(request, reply, tagOf(batch))) return reply.code(304).send(null)
      if (batch.state === BATCH.settled) return reply.send(batch)
      const pace = await readPace(db, batch.id)
      const toGo = pace && secondsToGo(pace)
      void reply.header('retry-after', String(secondsToRetry(toGo)))
      const isKnown = toGo === undefined || batch.counts.pending === 0
      return reply.send({ ...batch, expected_at: isKnown ? null : inSeconds(toGo) })
    },
  )
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + Math.round(seconds) * 1000).toISOString()
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
    "Ask until `state` is `settled`. The counts close at every moment; `position` says how much of the platform's own is ahead. " +
    'With `wait` the answer is held back until the batch is settled, or the seconds are over; with `If-None-Match` as well, until ' +
    'anything changes. While it is under way `Retry-After` says when to ask again.',
  params: BatchPath,
  querystring: Type.Object(
    {
      wait: Type.Optional(
        Type.String({
          pattern: '^(?:[0-9]|1[0-9]|2[0-5])$',
          description: `seconds to wait with the answer: 0 to ${LONGEST_WAIT}`,
          examples: ['20'],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: ref(Batch),
    304: Type.Null({ description: 'not changed' }),
    ...problems('not-found', 'precondition-failed', 'too-many'),
  },
}
