import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { FREE_TEXT } from '../../domain/free-text.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { DeliveryPath } from '../feed.ts'
import { DeliveryState, OpenDeliveryItem, viewOfOpen, viewOfWay } from './delivery-way.ts'
import { retryDelivery, selectDelivery, selectOpenDeliveries, selectPause } from './operate.sql.ts'
import { resendDeliveries } from './resend.db.ts'

const closed = { additionalProperties: false }
const PAGE = 100

const OpenDeliveries = Type.Object(
  {
    open: Type.Integer({ minimum: 0, description: 'how many deliveries nobody has acknowledged' }),
    paused_until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'until when the receiver is left alone',
    }),
    deliveries: Type.Array(OpenDeliveryItem, { description: `the oldest ${PAGE}` }),
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

const Position = Type.String({
  pattern: '^(0|([0-9a-f]{12}-)?[1-9][0-9]{0,17})$',
  description: 'a place of the feed: the `position` of a delivery, or a cursor (`next`) of the feed',
})

const ResendBody = Type.Object(
  {
    from: Position,
    to: Type.Optional(Position),
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: FREE_TEXT,
      description: 'why; it is kept sealed, and audited',
    }),
  },
  closed,
)

const ResendAnswer = Type.Object(
  {
    resent: Type.Integer({ minimum: 0, description: 'deliveries that were acknowledged and are open again' }),
    open: Type.Integer({ minimum: 0, description: 'deliveries that were open anyway' }),
    gone: Type.Array(Type.String(), {
      description: 'ids of those whose bytes are past their retention: they stay as they are',
    }),
    next: Type.Union([Type.String(), Type.Null()], {
      description: 'the `from` to go on with, after 2,000 deliveries; null when all were looked at',
    }),
  },
  closed,
)

/** For those who operate the gateway: which deliveries are open and why, and one that is tried again at once. */
export async function operateRoutes(
  app: FastifyInstance,
  { db, vault, hasten }: { db: Pool; vault: Pick<Vault, 'seal'>; hasten: () => Promise<unknown> },
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
        description: 'Deliveries that are not acknowledged, with attempts, the last reason and the next try.',
        response: { 200: OpenDeliveries, ...problems('bad-request') },
      },
    },
    async () => {
      const { open, deliveries } = await selectOpenDeliveries(db, PAGE)
      return {
        open,
        paused_until: (await selectPause(db))?.toISOString() ?? null,
        deliveries: deliveries.map(viewOfOpen),
      }
    },
  )
  typed.get(
    '/v1/deliveries/:id',
    {
      config: { scope: ['ops', 'deliveries:read'] },
      schema: {
        operationId: 'readDeliveryState',
        tags: ['deliveries'],
        summary: 'How far one delivery is',
        description:
          'Who has it on lease, how often it was tried, what the receiver said, and the receipt once there is one.',
        params: DeliveryPath,
        response: { 200: ref(DeliveryState), ...problems('bad-request', 'not-found') },
      },
    },
    async ({ params: { id } }) => {
      const delivery = await selectDelivery(db, id)
      if (delivery === undefined) throw new TitianError('not-found')
      return viewOfWay(delivery)
    },
  )
  typed.post(
    '/v1/deliveries/resend',
    {
      config: { scope: 'ops' },
      schema: {
        operationId: 'resendDeliveries',
        tags: ['deliveries'],
        summary: 'Send acknowledged deliveries again, from a position of the feed on',
        description:
          'For a receiver that was restored to an older copy. The same bytes go out under the same ids, pushed or to be pulled and ' +
          'acknowledged once more; what the receiver still has has no effect again. Until then they count as not delivered.',
        body: ResendBody,
        response: { 200: ResendAnswer, ...problems('bad-request', 'feed-renewed') },
      },
    },
    async ({ body, caller }) => {
      const done = await resendDeliveries({ db, vault }, { ...body, actor: caller.client })
      // The sweeper dispatches what this misses.
      if (done.resent > 0) await hasten().catch(() => undefined)
      return done
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
