import { randomBytes } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { MOST_REPLAYED, replayWebhook } from './replay.db.ts'
import { listAttempts, noteTest } from './replay.sql.ts'
import { drawSecret, secretPlace } from './signature.ts'
import { ownPlatform } from './webhook.route.ts'
import { findWebhook, lockWebhook, rotateSecret } from './webhook.sql.ts'
import {
  AttemptPage,
  EVENT_ID,
  ReplayBody,
  Replayed,
  RotateBody,
  Rotated,
  TestSent,
  textOf,
  viewOfAttempt,
  WebhookPath,
} from './webhook-shapes.ts'

const PAGE = 50
const MAX_PAGE = 500
const SECRET_BYTES = 32

/** What a platform does with a webhook that it has: another secret, a test, a replay, a look at the attempts. */
export async function operateWebhookRoutes(
  app: FastifyInstance,
  { db, vault }: { db: Pool; vault: Pick<Vault, 'seal'> },
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'webhooks:write' as const }

  typed.post('/v1/webhooks/:name/secret', { config, schema: ROTATE }, async ({ caller, params, body }, reply) => {
    const platform = ownPlatform(caller)
    const secret = drawSecret(randomBytes(SECRET_BYTES))
    const until = await inTransaction(db, async (tx) => {
      const webhook = await lockWebhook(tx, platform, params.name)
      if (webhook === undefined) throw new TitianError('not-found')
      const sealed = vault.seal(Buffer.from(secret), secretPlace(platform, params.name))
      const until = await rotateSecret(tx, webhook.id, sealed, body.overlap_hours)
      await appendAudit(tx, { actor: caller.client, action: 'webhook.rotated', object: webhook.id })
      return until
    })
    return reply.code(200).send({ secret, earlier_secret_until: textOf(until) })
  })

  typed.post('/v1/webhooks/:name/test', { config, schema: TEST }, async ({ caller, params }, reply) => {
    const event = await inTransaction(db, async (tx) => {
      const webhook = await lockWebhook(tx, ownPlatform(caller), params.name)
      if (webhook === undefined) throw new TitianError('not-found')
      if (webhook.disabledAt !== null) throw new TitianError('webhook-disabled')
      return noteTest(tx, webhook)
    })
    return reply.code(202).send({ event })
  })

  typed.post('/v1/webhooks/:name/replay', { config, schema: REPLAY }, async ({ caller, params, body }, reply) => {
    const span = { from: new Date(body.from), to: new Date(body.to) }
    // A leap second fits the format, and is no Date.
    if (!(span.from < span.to))
      throw new TitianError('bad-request', 'from is before to', { places: [{ pointer: '/body/to', code: 'minimum' }] })
    const webhook = { platform: ownPlatform(caller), name: params.name }
    const { events, next } = await replayWebhook(db, webhook, span, caller.client)
    return reply.code(202).send({ events, next: textOf(next) })
  })

  typed.get('/v1/webhooks/:name/attempts', { config, schema: ATTEMPTS }, async ({ caller, params, query }) => {
    const webhook = await findWebhook(db, ownPlatform(caller), params.name)
    if (webhook === undefined) throw new TitianError('not-found')
    const limit = limitOf(query.limit, PAGE, MAX_PAGE)
    const [event, number] = (query.after ?? '').split('.')
    const after = event && number ? { event, number: Number(number) } : null
    const found = await listAttempts(db, webhook.id, { after, event: query.event ?? null, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return { attempts: page.map(viewOfAttempt), next: last === undefined ? null : `${last.event}.${last.number}` }
  })
}

const ROTATE = {
  operationId: 'rotateWebhookSecret',
  tags: ['webhooks'],
  summary: 'Another secret; the present one signs too for a while',
  description:
    'The new secret is in the answer, this once. For the hours of the overlap messages are signed under both.',
  params: WebhookPath,
  body: RotateBody,
  response: { 200: ref(Rotated), ...problems('not-found') },
}

const TEST = {
  operationId: 'testWebhook',
  tags: ['webhooks'],
  summary: 'Send a test, once',
  description: 'One message of the type `webhook.test` is sent at once, and how it went is the answer.',
  params: WebhookPath,
  response: { 202: ref(TestSent), ...problems('not-found', 'webhook-disabled') },
}

const REPLAY = {
  operationId: 'replayWebhook',
  tags: ['webhooks'],
  summary: 'Send the events of a span of time again',
  description: `Events are kept for 40 days. One call takes the oldest ${MOST_REPLAYED}; go on from \`next\`.`,
  params: WebhookPath,
  body: ReplayBody,
  response: { 202: ref(Replayed), ...problems('not-found', 'webhook-disabled') },
}

const ATTEMPTS = {
  operationId: 'listWebhookAttempts',
  tags: ['webhooks'],
  summary: 'What was sent and how it went, the newest first',
  description: 'Nothing of an answer is kept but its status.',
  params: WebhookPath,
  querystring: Type.Object(
    {
      event: Type.Optional(Type.String({ pattern: EVENT_ID, description: 'of one event alone' })),
      after: Type.Optional(
        Type.String({ pattern: '^evt_[0-9a-f]{32}\\.[1-9][0-9]{0,8}$', description: '`next` of the page before' }),
      ),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(AttemptPage), ...problems('not-found') },
}
