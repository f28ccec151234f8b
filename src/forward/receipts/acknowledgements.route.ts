import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type, { type Static } from 'typebox'
import { problems } from '../../io/http/openapi.ts'
import { limitOf, limitSchema } from '../../io/http/paging.ts'
import { platformOf } from '../../trust/access/caller.ts'
import { RecordRefusal } from '../receipt.ts'
import { type AcknowledgedDelivery, acknowledgedOf } from './acknowledged.sql.ts'

const closed = { additionalProperties: false }
const PAGE = 100
const MAX_PAGE = 500
const DELIVERY_ID = '^dlv_[0-9a-z]{26}$'

/** BPS's word on one delivery of a batch. */
const Acknowledgement = Type.Object(
  {
    delivery: Type.String({ pattern: DELIVERY_ID }),
    digest: Type.String({ description: 'SHA-256 of its bytes, as Content-Digest has it' }),
    entries: Type.Integer({ minimum: 0, description: 'entries of the batch that stand behind its records' }),
    records: Type.Integer({ minimum: 0, description: 'records that BPS took' }),
    refused: Type.Array(RecordRefusal),
    acknowledged_at: Type.String({ format: 'date-time' }),
    acknowledged_by: Type.String({ description: '`push`, or the client that pulled it' }),
    signed_by: Type.Union([Type.String(), Type.Null()], {
      description: 'key of BPS under which the signature held; null: there is none, or it was not looked at',
    }),
    jws: Type.Union([Type.String(), Type.Null()], { description: 'what BPS signed, as openapi/receiver.yaml has it' }),
  },
  closed,
)

const Acknowledgements = Type.Object(
  {
    acknowledgements: Type.Array(Acknowledgement),
    next: Type.Union([Type.String(), Type.Null()], { description: 'the `after` of the next page; null at the end' }),
  },
  { ...closed, $id: 'Acknowledgements' },
)
export type Acknowledgements = Static<typeof Acknowledgements>

/** `GET /v1/batches/{id}/acknowledgements`: what BPS said, and signed, to the deliveries of a batch. */
export async function acknowledgementRoutes(app: FastifyInstance, { db }: { db: Pool }): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/v1/batches/:id/acknowledgements',
      { config: { scope: ['batches:read', 'ops', 'steward'] }, schema: SCHEMA },
      async ({ caller, params, query }): Promise<Acknowledgements> => {
        const limit = limitOf(query.limit, PAGE, MAX_PAGE)
        const of = { batch: params.id, platform: platformOf(caller), after: query.after ?? '', limit: limit + 1 }
        const found = await acknowledgedOf(db, of)
        const page = found.slice(0, limit)
        return {
          acknowledgements: page.map(viewOf),
          next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
        }
      },
    )
}

function viewOf({ id, entries, receipt, by, at, keyid }: AcknowledgedDelivery): Static<typeof Acknowledgement> {
  const { digest, records, refused, jws = null } = receipt
  return {
    ...{ delivery: id, digest, entries, records, refused },
    acknowledged_at: at.toISOString(),
    acknowledged_by: by,
    ...{ signed_by: keyid, jws },
  }
}

const SCHEMA = {
  operationId: 'listAcknowledgements',
  tags: ['batches'],
  summary: 'What BPS said to the deliveries of a batch',
  description:
    'Each acknowledged delivery with its receipt. `jws` is BPS’s own signature over delivery, batch, digest and counts: it proves ' +
    'without the gateway that BPS has it. A batch that is not known has none.',
  params: Type.Object({ id: Type.String({ pattern: '^bat_[0-9a-z]{26}$', description: 'id of the batch' }) }, closed),
  querystring: Type.Object(
    {
      after: Type.Optional(Type.String({ pattern: DELIVERY_ID, description: '`next` of the page before' })),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    closed,
  ),
  response: { 200: Acknowledgements, ...problems('bad-request') },
}
