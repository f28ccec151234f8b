import { hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { settleChunk } from '../engine/chunk.sql.ts'
import { codingFor } from '../io/http/coding.ts'
import { preconditionOf } from '../io/http/conditional.ts'
import { problems } from '../io/http/openapi.ts'
import { varyBy } from '../io/http/vary.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { type Delivery, deliveryInFeed, feedAfter, openPayload } from './delivery.sql.ts'
import { AckBody, Acknowledged, DeliveryPath, Feed, FeedQuery, formatFeedCursor, parseFeedCursor } from './feed.ts'
import { feedEpoch } from './feed-epoch.sql.ts'
import { refuseStranger } from './foreign-cursor.db.ts'
import { digestText } from './manifest.ts'
import { type RecordRefusal, receiptFor } from './receipt.ts'
import { refusalsOf, settleDelivery } from './settle.sql.ts'

export type DeliveryRouteOptions = {
  db: Pool
  vault: Pick<Vault, 'open'>
}

const PAGE = 100
const ACK_BYTES = 16 * 1024 * 1024

/** Pull: BPS reads deliveries in the order of the feed, fetches the stored bytes and acknowledges what it has. */
export async function deliveryRoutes(app: FastifyInstance, options: DeliveryRouteOptions): Promise<void> {
  const { db, vault } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get(
    '/v1/deliveries',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        operationId: 'listDeliveries',
        tags: ['deliveries'],
        summary: 'Deliveries after a position of the feed',
        description:
          'The feed never gains a delivery before a position that was read: keep `next` and poll with it. A restore of the ' +
          'database begins the feed anew: a `next` from before is answered with 410 `feed-renewed`; read again from 0.',
        querystring: FeedQuery,
        response: { 200: Feed, ...problems('bad-request', 'feed-renewed') },
      },
    },
    async ({ query: { after = '0', limit = String(PAGE) } }): Promise<Feed> => {
      const [epoch, cursor] = [await feedEpoch(db), parseFeedCursor(after)]
      await refuseStranger(db, cursor, epoch)
      const items = await feedAfter(db, cursor.position, Number(limit))
      const last = items.at(-1)
      return {
        deliveries: items.map(({ position, state, manifest, acknowledgedAt }) => ({
          position,
          state,
          acknowledged_at: acknowledgedAt?.toISOString() ?? null,
          manifest,
        })),
        next: last === undefined ? after : formatFeedCursor({ epoch, position: last.position }),
      }
    },
  )

  typed.get(
    '/v1/deliveries/:id/records',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        operationId: 'readDelivery',
        tags: ['deliveries'],
        summary: 'The records of a delivery, byte for byte as composed',
        description:
          'NDJSON, one golden record a line. With `Accept-Encoding: zstd` the very bytes that the manifest digests; ' +
          'otherwise the same records uncompressed, with a digest of their own.',
        params: DeliveryPath,
        response: {
          200: {
            description: 'Golden records, one a line',
            content: { 'application/x-ndjson': { schema: Type.Unsafe<Buffer>(Type.String()) } },
          },
          304: Type.Null({ description: 'not changed: a delivery never does' }),
          ...problems('not-found', 'not-acceptable', 'precondition-failed'),
        },
      },
    },
    async (request, reply) => {
      const delivery = await known(request.params.id)
      const stored = await openPayload(db, vault, delivery)
      if (stored === undefined) throw new TitianError('not-found', `the bytes of ${delivery.id} are past retention`)
      varyBy(reply, 'accept-encoding')
      const coding = codingFor(request.headers['accept-encoding'])
      if (coding === undefined) throw new TitianError('not-acceptable', 'there is zstd and identity')
      const bytes = coding === 'zstd' ? stored : zstdDecompressSync(stored)
      const digest = hash('sha256', bytes, 'buffer')
      const etag = `"${digest.toString('hex')}"`
      const precondition = preconditionOf(request.headers, etag)
      if (precondition === 'failed') throw new TitianError('precondition-failed')
      void reply.header('etag', etag)
      if (precondition === 'not-modified') return reply.code(304).send(null)
      void reply.header('content-digest', digestText(digest))
      if (coding === 'zstd') void reply.header('content-encoding', 'zstd')
      return reply.type(delivery.manifest.media_type).send(bytes)
    },
  )

  typed.post(
    '/v1/deliveries/:id/ack',
    {
      bodyLimit: ACK_BYTES,
      config: { scope: 'deliveries:ack' },
      schema: {
        operationId: 'acknowledgeDelivery',
        tags: ['deliveries'],
        summary: 'Acknowledge a delivery',
        description: 'Repeating it changes nothing; the first acknowledgement, by push or by pull, stays.',
        params: DeliveryPath,
        body: AckBody,
        response: { 200: Acknowledged, ...problems('bad-request', 'digest-mismatch', 'not-found', 'body-too-large') },
      },
    },
    async (request) => {
      const delivery = await known(request.params.id)
      const { digest, refused = [] } = request.body
      if (digest !== delivery.manifest.digest)
        throw new TitianError('digest-mismatch', undefined, {
          places: [{ pointer: '/body/digest', code: 'digest-mismatch' }],
        })
      if (delivery.state === 'composed') await acknowledge(delivery, refused, request.caller.client)
      const { state, acknowledgedAt } = await known(delivery.id)
      return { delivery: delivery.id, state, acknowledged_at: acknowledgedAt?.toISOString() ?? null }
    },
  )

  async function known(id: string): Promise<Delivery> {
    const delivery = await deliveryInFeed(db, id)
    if (delivery === undefined) throw new TitianError('not-found')
    return delivery
  }

  async function acknowledge(delivery: Delivery, refused: readonly RecordRefusal[], client: string): Promise<void> {
    const { id, chunk, manifest } = delivery
    const records = manifest.records.keluarga + manifest.records.individu - refused.length
    const receipt = receiptFor(manifest, { delivery: id, digest: manifest.digest, records, refused })
    if (receipt === undefined)
      throw new TitianError('bad-request', 'refusals do not fit the delivery', {
        places: [{ pointer: '/body/refused', code: 'refused-invalid' }],
      })
    const findings = await refusalsOf(db, vault, delivery, refused)
    await inTransaction(db, async (tx) => {
      // The chunk first, as the push does, so that the two never wait for each other.
      await settleChunk(tx, chunk)
      await settleDelivery(tx, delivery, { by: client, receipt, findings })
    })
  }
}
