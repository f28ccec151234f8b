import { setImmediate } from 'node:timers/promises'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import { settleChunk } from '../engine/chunk.sql.ts'
import { readPushed } from '../engine/withdrawals/pushed.sql.ts'
import { chooseType } from '../io/http/accept.ts'
import { codingFor } from '../io/http/coding.ts'
import { preconditionOf } from '../io/http/conditional.ts'
import { problems } from '../io/http/openapi.ts'
import { varyBy } from '../io/http/vary.ts'
import { openLongPoll } from '../io/http/waiting/long-poll.http.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import type { Canonical } from '../language/canonical.ts'
import { requireFlow } from '../trust/agreements/agreement.ts'
import { noteReading } from '../trust/audit/reading.db.ts'
import type { KeyRing } from '../trust/keys/keyring.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { type Delivery, deliveryInFeed, openPayload } from './delivery.sql.ts'
import {
  AckBody,
  Acknowledged,
  DeliveryPath,
  Feed,
  FeedQuery,
  feedItem,
  formatFeedCursor,
  parseFeedCursor,
  RecordsQuery,
} from './feed.ts'
import { feedEpoch } from './feed-epoch.sql.ts'
import { refuseStranger } from './foreign-cursor.db.ts'
import { FORMS, formOf } from './forms/form.ts'
import { digestText, manifestHeader } from './manifest.ts'
import { feedAfter, pullState } from './pull/feed.sql.ts'
import { requireLease } from './pull/lease.sql.ts'
import { signedAnswers } from './pull/signed.http.ts'
import { type RecordRefusal, receiptFor } from './receipt.ts'
import { attest, type ReceiptPolicy } from './receipts/attest.ts'
import { noteFetched } from './sent.sql.ts'
import { refusalsOf, settleDelivery } from './settle.sql.ts'

export type DeliveryRouteOptions = {
  db: Pool
  vault: Pick<Vault, 'open'>
  /** Signs answers. */
  ring: KeyRing
  /** The address that others know the gateway by. */
  issuer: string
  canonical: Canonical
  /** Whose signatures under acknowledgements are believed; undefined: they are kept and not looked at. */
  receipts: ReceiptPolicy | undefined
  platforms: ReadonlyMap<string, Platform>
  /** Platforms of which no agreement is in force: what they pushed is not given. */
  withoutAgreement(): readonly string[]
  clock: () => Date
}

const PAGE = 100
const ACK_BYTES = 16 * 1024 * 1024

/** Pull: BPS reads deliveries in the order of the feed, fetches the stored bytes and acknowledges what it has. */
export async function deliveryRoutes(app: FastifyInstance, options: DeliveryRouteOptions): Promise<void> {
  const { db, vault, canonical, receipts, platforms, withoutAgreement, clock } = options
  const longPoll = openLongPoll(app, () => pullState(db))
  const onSend = signedAnswers(options)
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get(
    '/v1/deliveries',
    {
      config: { scope: 'deliveries:read' },
      onSend,
      schema: {
        operationId: 'listDeliveries',
        tags: ['deliveries'],
        summary: 'Deliveries after a position of the feed',
        description:
          'The feed never gains a delivery before a position that was read: keep `next` and poll with it. A restore of the ' +
          'database begins the feed anew: a `next` from before is answered with 410 `feed-renewed`; read again from 0. ' +
          'With filters `next` passes over what they leave out. Each delivery is linked to the one before by `chain`, and the ' +
          'answer is signed (RFC 9421) with a key of `/.well-known/jwks.json`.',
        querystring: FeedQuery,
        response: { 200: Feed, ...problems('bad-request', 'feed-renewed', 'too-many') },
      },
    },
    async ({ query: { after = '0', limit = String(PAGE), wait = '0', ...filter } }, reply): Promise<Feed> => {
      const [epoch, cursor] = [await feedEpoch(db), parseFeedCursor(after)]
      await refuseStranger(db, cursor, epoch)
      if (filter.state !== undefined && wait !== '0') throw badQuery('/querystring/wait', 'wait-with-state')
      const look = () => feedAfter(db, cursor.position, Number(limit), filter)
      const { items, seen } = await longPoll(reply, Number(wait), look, (page) => page.items.length === 0)
      return {
        deliveries: items.map(feedItem),
        next: seen === cursor.position ? after : formatFeedCursor({ epoch, position: seen }),
      }
    },
  )

  typed.get(
    '/v1/deliveries/:id/records',
    {
      config: { scope: 'deliveries:read' },
      onSend,
      schema: {
        operationId: 'readDelivery',
        tags: ['deliveries'],
        summary: 'The records of a delivery, byte for byte as composed, or as a table',
        description:
          'NDJSON, one golden record a line. With `Accept-Encoding: zstd` the very bytes that the manifest digests; ' +
          'otherwise the same records uncompressed, with a digest of their own. As CSV (RFC 4180, safe in a spreadsheet) and as ' +
          'Parquet one `level` at a time: the columns of DTSEN in their order, then further variables of the dictionary, then ' +
          'those of Titian; `titian_rest` holds as JSON what has no column. The same delivery always makes the same bytes. The ' +
          'answer is signed (RFC 9421) over status, content, manifest and the request.',
        querystring: RecordsQuery,
        params: DeliveryPath,
        response: {
          200: {
            description: 'Golden records, one a line or row',
            content: {
              'application/x-ndjson': { schema: Type.Unsafe<Buffer>(Type.String()) },
              'text/csv': { schema: Type.String() },
              'application/vnd.apache.parquet': { schema: Type.String({ format: 'binary' }) },
            },
          },
          304: Type.Null({ description: 'not changed: a delivery never does' }),
          ...problems('not-found', 'not-acceptable', 'precondition-failed', 'agreement-not-in-force'),
        },
      },
    },
    async (request, reply) => {
      const delivery = await known(request.params.id)
      const { level } = request.query
      const form = chooseType(request, reply, FORMS)
      if ((form === 'application/x-ndjson') !== (level === undefined))
        throw badQuery('/querystring/level', level === undefined ? 'level-missing' : 'level-of-ndjson')
      await refuseWithout(delivery)
      const stored = await openPayload(db, vault, delivery)
      if (stored === undefined) throw new TitianError('not-found', `the bytes of ${delivery.id} are past retention`)
      const { keluarga, individu } = delivery.manifest.records
      await noteReading(db, {
        actor: request.caller.client,
        action: 'delivery.read',
        object: delivery.id,
        shown: { purpose: 'delivery', platform: delivery.platform, records: keluarga + individu },
      })
      if (delivery.state === 'composed') await noteFetched(db, delivery.id)
      varyBy(reply, 'accept-encoding')
      const accepted = codingFor(request.headers['accept-encoding'])
      if (accepted === undefined) throw new TitianError('not-acceptable', 'there is zstd and identity')
      const { bytes, digest, coding } = await formOf(
        stored,
        {
          form,
          level: level ?? 'individu',
          coding: accepted,
          canonical,
        },
        setImmediate,
      )
      const etag = `"${digest.toString('hex')}"`
      const precondition = preconditionOf(request.headers, etag)
      if (precondition === 'failed') throw new TitianError('precondition-failed')
      void reply.header('etag', etag)
      if (precondition === 'not-modified') return reply.code(304).send(null)
      void reply
        .header('content-digest', digestText(digest))
        .header('titian-manifest', manifestHeader(delivery.manifest))
      if (coding === 'zstd') void reply.header('content-encoding', 'zstd')
      return reply.type(form === 'text/csv' ? 'text/csv; charset=utf-8; header=present' : form).send(bytes)
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
        description:
          'Repeating it changes nothing; the first acknowledgement, by push or by pull, stays. What was taken on a lease is ' +
          'acknowledged with it: one that another puller has by now is answered with 409 `lease-lost`. It may be signed (`jws`); where ' +
          'the gateway takes only signed receipts, it must be.',
        params: DeliveryPath,
        body: AckBody,
        response: {
          200: Acknowledged,
          ...problems('bad-request', 'digest-mismatch', 'not-found', 'lease-lost', 'delivery-leased', 'body-too-large'),
        },
      },
    },
    async (request) => {
      const delivery = await known(request.params.id)
      const { digest, lease, jws, refused = [] } = request.body
      if (digest !== delivery.manifest.digest)
        throw new TitianError('digest-mismatch', undefined, {
          places: [{ pointer: '/body/digest', code: 'digest-mismatch' }],
        })
      await acknowledge(delivery, { refused, jws, lease, client: request.caller.client })
      const { state, acknowledgedAt } = await known(delivery.id)
      return { delivery: delivery.id, state, acknowledged_at: acknowledgedAt?.toISOString() ?? null }
    },
  )

  async function known(id: string): Promise<Delivery> {
    const delivery = await deliveryInFeed(db, id)
    if (delivery === undefined) throw new TitianError('not-found')
    return delivery
  }

  /** What takes data back goes on without an agreement; a push waits until there is one again. */
  async function refuseWithout({ platform, batch }: Delivery): Promise<void> {
    if (!withoutAgreement().includes(platform) || (await readPushed(db, batch))?.kind !== 'push') return
    requireFlow(platforms, platform, clock())
  }

  type Acknowledging = {
    refused: readonly RecordRefusal[]
    jws: string | undefined
    lease: string | undefined
    client: string
  }

  async function acknowledge(delivery: Delivery, { refused, jws, lease, client }: Acknowledging): Promise<void> {
    if (delivery.state !== 'composed' && lease === undefined) return
    const { id, chunk, manifest } = delivery
    const records = manifest.records.keluarga + manifest.records.individu - refused.length
    const said = { delivery: id, digest: manifest.digest, records, refused, ...(jws !== undefined && { jws }) }
    const closed = receiptFor(manifest, said)
    if (closed === undefined) throw badQuery('/body/refused', 'refused-invalid')
    const receipt = await attest(closed, manifest, receipts)
    if (typeof receipt === 'string') throw badQuery('/body/jws', receipt)
    const findings = await refusalsOf(db, vault, delivery, refused)
    await inTransaction(db, async (tx) => {
      // The chunk first, as the push does, so that the two never wait for each other.
      await settleChunk(tx, chunk)
      await requireLease(tx, id, lease)
      await settleDelivery(tx, delivery, { by: client, receipt, findings })
    })
  }
}

function badQuery(pointer: string, code: string): TitianError {
  return new TitianError('bad-request', undefined, { places: [{ pointer, code }] })
}
