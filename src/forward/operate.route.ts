import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type, { type Static } from 'typebox'
import { TitianError } from '../domain/error.ts'
import { problems } from '../io/http/openapi.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { DeliveryPath } from './feed.ts'
import { type OpenDelivery, retryDelivery, selectOpenDeliveries, selectPause } from './operate.sql.ts'

const closed = { additionalProperties: false }
const PAGE = 100

const Instant = Type.String({ format: 'date-time' })
const Maybe = Type.Union([Instant, Type.Null()])

const OpenDeliveries = Type.Object(
  {
    open: Type.Integer({ minimum: 0, description: 'how many deliveries nobody has acknowledged' }),
    paused_until: Type.Union([Instant, Type.Null()], { description: 'until when the receiver is left alone' }),
    deliveries: Type.Array(
      Type.Object(
        {
          delivery: Type.String(),
          batch: Type.String(),
          platform: Type.String(),
          records: Type.Integer({ minimum: 0 }),
          attempts: Type.Integer({ minimum: 0 }),
          last_answer: Type.Union([Type.String(), Type.Null()], {
            description: 'what the receiver said last: `refused: status-422`, `busy for 120 s`, `failed: ECONNREFUSED`',
          }),
          tried_at: Maybe,
          composed_at: Instant,
          next_try_at: Type.Union([Instant, Type.Null()], { description: 'null while a worker has it' }),
        },
        closed,
      ),
      { description: `the oldest ${PAGE}` },
    ),
  },
  closed,
)

const Retry = Type.Object(
  {
    delivery: Type.String(),
    retry: Type.Union([Type.Literal('due'), Type.Literal('under-way'), Type.Literal('acknowledged')]),
  },
  closed,
)

/** For those who operate the gateway: which deliveries are open and why, and one that is tried again at once. */
export async function operateRoutes(
  app: FastifyInstance,
  { db, hasten }: { db: Pool; hasten: () => Promise<unknown> },
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/deliveries/open',
    {
      config: { scope: 'ops' },
      schema: {
        operationId: 'listOpenDeliveries',
        tags: ['deliveries'],
        summary: 'Deliveries that nobody has acknowledged, with what the receiver said last',
        response: { 200: OpenDeliveries, ...problems('bad-request') },
      },
    },
    async () => {
      const { open, deliveries } = await selectOpenDeliveries(db, PAGE)
      return {
        open,
        paused_until: (await selectPause(db))?.toISOString() ?? null,
        deliveries: deliveries.map(viewOf),
      }
    },
  )
  typed.post(
    '/v1/deliveries/:id/retry',
    {
      config: { scope: 'ops' },
      schema: {
        operationId: 'retryDelivery',
        tags: ['deliveries'],
        summary: 'Try a delivery again at once',
        description: 'Ends the pause of the receiver too. One that is acknowledged or under way stays as it is.',
        params: DeliveryPath,
        response: { 200: Retry, ...problems('bad-request', 'not-found') },
      },
    },
    async ({ params: { id }, caller }) => {
      const retry = await inTransaction(db, (tx) => retryDelivery(tx, id, caller.client))
      if (retry === 'unknown') throw new TitianError('not-found')
      // The sweeper dispatches what this misses.
      if (retry === 'due') await hasten().catch(() => undefined)
      return { delivery: id, retry }
    },
  )
}

function viewOf(delivery: OpenDelivery): Static<typeof OpenDeliveries>['deliveries'][number] {
  const { id, batch, platform, records, attempts, lastAnswer, triedAt, composedAt, dueAt } = delivery
  return {
    delivery: id,
    batch,
    platform,
    records,
    attempts,
    last_answer: lastAnswer,
    tried_at: triedAt?.toISOString() ?? null,
    composed_at: composedAt.toISOString(),
    next_try_at: dueAt?.toISOString() ?? null,
  }
}
