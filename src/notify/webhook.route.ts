import { randomBytes } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { newId } from '../io/ids.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { type Caller, platformOf } from '../trust/access/caller.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { Networks } from './address.ts'
import type { ChosenEvent } from './events.ts'
import { drawSecret, secretPlace } from './signature.ts'
import { readTarget } from './target.ts'
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  lockWebhook,
  updateWebhook,
} from './webhook.sql.ts'
import type { Webhook } from './webhook.ts'
import { NewWebhook, viewOfWebhook, WebhookBody, WebhookPage, WebhookPath, WebhookView } from './webhook-shapes.ts'

export type WebhookRouteOptions = { db: Pool; vault: Pick<Vault, 'seal'>; webhookNetworks: Networks }

const MOST = 10
const PAGE = 50
const MAX_PAGE = 500
const SECRET_BYTES = 32

/** The webhooks of a platform: it names, changes and removes its own; ops sees all. */
export async function webhookRoutes(app: FastifyInstance, options: WebhookRouteOptions): Promise<void> {
  const { db, vault, webhookNetworks } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'webhooks:write' as const }

  typed.get(
    '/v1/webhooks',
    { config: { scope: ['webhooks:write', 'ops'] }, schema: LIST },
    async ({ caller, query }) => {
      const limit = limitOf(query.limit, PAGE, MAX_PAGE)
      const [platform = '', name = ''] = (query.after ?? '').split('/')
      const found = await listWebhooks(db, { platform: platformOf(caller), after: [platform, name], limit: limit + 1 })
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return { webhooks: page.map(viewOfWebhook), next: last === undefined ? null : `${last.platform}/${last.name}` }
    },
  )

  typed.get('/v1/webhooks/:name', { config, schema: SHOW }, async ({ caller, params }) => {
    const webhook = await findWebhook(db, ownPlatform(caller), params.name)
    if (webhook === undefined) throw new TitianError('not-found')
    return viewOfWebhook(webhook)
  })

  typed.put('/v1/webhooks/:name', { config, schema: SET }, async ({ caller, params, body }, reply) => {
    const platform = ownPlatform(caller)
    const target = readTarget(body.url, webhookNetworks)
    if (typeof target === 'string')
      throw new TitianError('webhook-address', undefined, { places: [{ pointer: '/body/url', code: target }] })
    const wanted = { platform, name: params.name, url: target.url.href, events: body.events as ChosenEvent[] }
    const secret = drawSecret(randomBytes(SECRET_BYTES))
    const { webhook, isNew } = await inTransaction(db, async (tx) => {
      const count = await countWebhooks(tx, platform)
      const present = await lockWebhook(tx, platform, params.name)
      if (present === undefined && count >= MOST) throw new TitianError('webhooks-too-many')
      const id = present?.id ?? newId('whk')
      if (present === undefined) {
        const sealed = vault.seal(Buffer.from(secret), secretPlace(platform, params.name))
        await insertWebhook(tx, { ...wanted, id }, sealed)
      } else if (isAsWanted(present, wanted)) return { webhook: present, isNew: false }
      else await updateWebhook(tx, { ...wanted, id })
      const webhook = (await findWebhook(tx, platform, params.name)) as Webhook
      await appendAudit(tx, {
        actor: caller.client,
        action: 'webhook.set',
        object: id,
        details: { platform, url: wanted.url },
      })
      return { webhook, isNew: present === undefined }
    })
    const view = viewOfWebhook(webhook)
    return isNew ? reply.code(201).send({ ...view, secret }) : reply.code(200).send(view)
  })

  typed.delete('/v1/webhooks/:name', { config, schema: REMOVE }, async ({ caller, params }, reply) => {
    await inTransaction(db, async (tx) => {
      const webhook = await lockWebhook(tx, ownPlatform(caller), params.name)
      if (webhook === undefined) throw new TitianError('not-found')
      await deleteWebhook(tx, webhook.id)
      await appendAudit(tx, { actor: caller.client, action: 'webhook.removed', object: webhook.id })
    })
    return reply.code(204).send(null)
  })
}

/** The platform that a caller speaks for; a webhook belongs to one. */
export function ownPlatform({ client, platform }: Caller): string {
  if (platform === null) throw new TitianError('scope-missing', `client ${client} speaks for no platform`)
  return platform
}

/** Whether nothing is to be done: it is enabled, and has this address and these events. */
function isAsWanted(present: Webhook, wanted: Pick<Webhook, 'url' | 'events'>): boolean {
  const isSame =
    present.url === wanted.url && new Set(present.events).symmetricDifference(new Set(wanted.events)).size === 0
  return isSame && present.disabledAt === null
}

const LIST = {
  operationId: 'listWebhooks',
  tags: ['webhooks'],
  summary: 'Webhooks of a platform; ops sees those of all',
  description: 'Without their secrets, with what waits for each and how the last attempt ended.',
  querystring: Type.Object(
    {
      after: Type.Optional(
        Type.String({
          pattern: '^[a-z0-9][a-z0-9-]{0,63}/[a-z][a-z0-9-]{0,39}$',
          description: '`next` of the page before',
        }),
      ),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(WebhookPage), ...problems('bad-request') },
}

const SHOW = {
  operationId: 'readWebhook',
  tags: ['webhooks'],
  summary: 'One webhook and how it fares',
  description: 'Without its secret, which is shown once.',
  params: WebhookPath,
  response: { 200: ref(WebhookView), ...problems('not-found') },
}

const SET = {
  operationId: 'setWebhook',
  tags: ['webhooks'],
  summary: 'Add a webhook, or change it',
  description:
    `Repeating it changes nothing. A new one answers 201 with its secret, this once; when that answer is lost, ask for another ` +
    `secret. One that is disabled is enabled again. A platform has ${MOST} at most.`,
  params: WebhookPath,
  body: WebhookBody,
  response: { 200: ref(WebhookView), 201: ref(NewWebhook), ...problems('webhook-address', 'webhooks-too-many') },
}

const REMOVE = {
  operationId: 'removeWebhook',
  tags: ['webhooks'],
  summary: 'Remove a webhook, with what waits for it and its list of attempts',
  description: 'With all messages that wait for it.',
  params: WebhookPath,
  response: { 204: Type.Null({ description: 'removed' }), ...problems('not-found') },
}
