import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import type { DeliveryId } from '../../domain/ids.ts'
import { problems } from '../../io/http/openapi.ts'
import { LONGEST_WAIT, openLongPoll } from '../../io/http/waiting/long-poll.http.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { DeliveryPath, FeedItemView, feedItem, LeaseId } from '../feed.ts'
import { pullState } from './feed.sql.ts'
import { extendLease, takeLease } from './lease.sql.ts'
import { signedAnswers } from './signed.http.ts'

const closed = { additionalProperties: false }
const MOST = 32
const LONGEST_SECONDS = 3600
const STANDARD = { most: 1, seconds: 300, wait: 0 }

const LeaseBody = Type.Object(
  {
    most: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST, description: 'deliveries, at most; else 1' })),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LONGEST_SECONDS,
        description: 'after which they may be given to another puller; else 300',
      }),
    ),
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: LONGEST_WAIT, description: 'seconds to wait until there is one; else 0' }),
    ),
  },
  closed,
)

const Until = Type.String({ format: 'date-time', description: 'end of the lease, by the clock of the gateway' })

const Leased = Type.Object(
  {
    lease: Type.Union([LeaseId, Type.Null()], { description: 'null when there is nothing to give' }),
    deliveries: Type.Array(Type.Object({ ...FeedItemView, lease_until: Until }, closed)),
  },
  closed,
)

const RenewBody = Type.Object(
  {
    lease: LeaseId,
    seconds: Type.Integer({ minimum: 0, maximum: LONGEST_SECONDS, description: 'from now; 0 gives the delivery back' }),
  },
  closed,
)

const Renewed = Type.Object({ delivery: Type.String(), lease_until: Type.Union([Until, Type.Null()]) }, closed)

/** Several pullers share the work: each takes deliveries on a lease, and what is not acknowledged in time goes to another. */
export async function leaseRoutes(
  app: FastifyInstance,
  {
    db,
    ring,
    issuer,
    withoutAgreement,
  }: { db: Pool; ring: KeyRing; issuer: string; withoutAgreement(): readonly string[] },
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const longPoll = openLongPoll(app, () => pullState(db))
  const onSend = signedAnswers({ ring, issuer })
  const config = { scope: 'deliveries:ack' as const }

  typed.post('/v1/deliveries/lease', { config, onSend, schema: LEASE }, async ({ body, caller }, reply) => {
    const { most, seconds, wait } = { ...STANDARD, ...body }
    const lease = newId('lse')
    const look = () =>
      inTransaction(db, (tx) => takeLease(tx, { lease, by: caller.client, seconds }, most, withoutAgreement()))
    const items = await longPoll(reply, wait, look, ({ length }) => length === 0)
    return {
      lease: items.length > 0 ? lease : null,
      deliveries: items.map((item) => ({ ...feedItem(item), lease_until: item.until.toISOString() })),
    }
  })

  typed.post('/v1/deliveries/:id/lease', { config, schema: RENEW }, async ({ params, body }) => {
    const until = await inTransaction(db, (tx) => extendLease(tx, params.id as DeliveryId, body))
    return { delivery: params.id, lease_until: until?.toISOString() ?? null }
  })
}

const tags = ['deliveries']

const LEASE = {
  operationId: 'leaseDeliveries',
  tags,
  summary: 'Take deliveries on a lease, for several pullers beside one another',
  description:
    'The oldest that nobody has, in the order of the feed. None is given while an earlier one that shares a person or family with ' +
    'it is open elsewhere: so work through them in the order given, and acknowledge each with the lease. What is not ' +
    'acknowledged when the lease ends is given to whoever asks next.',
  body: LeaseBody,
  response: { 200: Leased, ...problems('bad-request', 'too-many') },
}

const RENEW = {
  operationId: 'extendLease',
  tags,
  summary: 'Extend a lease on one delivery, or give it back',
  description:
    'While deliveries are still being read. A lease that another puller has taken over is lost: drop what was read.',
  params: DeliveryPath,
  body: RenewBody,
  response: { 200: Renewed, ...problems('bad-request', 'lease-lost') },
}
