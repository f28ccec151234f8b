import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { Platform } from '../../../domain/platform.ts'
import { listMessages } from '../../../notify/message-log.sql.ts'
import { replayWebhook } from '../../../notify/replay.db.ts'
import { findWebhook, listWebhooks } from '../../../notify/webhook.sql.ts'
import { html } from '../../../web/html.ts'
import { count, pathTo } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type ShownWebhooks, WEBHOOKS_PATH, webhooksBody } from './webhooks-page.ts'
import { sayWebhook, WEBHOOK_MENU } from './words.ts'

export type WebhookPageOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, Platform> }
  clock: () => Date
}

const PAGE = 50
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/
const EVENT = /^evt_[0-9a-f]{32}$/
const JAKARTA = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' })

type Query = { platform?: string; name?: string; after?: string; message?: string; saved?: string; more?: string }

const Replay = Type.Object({
  platform: Type.String({ pattern: NAME.source }),
  name: Type.String({ pattern: NAME.source }),
  from: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  to: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
})

/** Webhooks for the ops team: how each fares, what became of its messages, and sending events again. */
export async function webhookPages(app: FastifyInstance, { db, registry, clock }: WebhookPageOptions): Promise<void> {
  const route = { config: doorTo('webhooks'), schema: { hide: true } } as const

  app.get<{ Querystring: Query }>(WEBHOOKS_PATH, route, async (request, reply) => {
    const view = viewOf(request)
    const { platform, name, after = '', message, saved, more } = request.query
    const isAsked = [platform, name].every((part) => part === undefined || NAME.test(part))
    if (!isAsked || (message !== undefined && !EVENT.test(message))) throw new TitianError('not-found')
    const [afterPlatform = '', afterName = ''] = after.split('/')
    const of = { platform: platform ?? null, after: [afterPlatform, afterName] as const, limit: PAGE + 1 }
    const found = await listWebhooks(db, of)
    const webhooks = found.slice(0, PAGE)
    const last = found.length > PAGE ? webhooks.at(-1) : undefined
    const body = webhooksBody(view, {
      platform,
      platforms: [...registry.platforms.keys()].sort(),
      webhooks,
      next: last === undefined ? null : `${last.platform}/${last.name}`,
      chosen: platform === undefined || name === undefined ? undefined : await logOf({ platform, name }, message),
    })
    const events = saved !== undefined && /^\d{1,6}$/.test(saved) ? Number(saved) : undefined
    const note =
      events === undefined
        ? undefined
        : html`<p class="note good" role="status">${sayWebhook(view, 'replayed')} ${count(view, events)}. ${more === 'yes' ? sayWebhook(view, 'replayedMore') : ''}</p>`
    return sendPage(reply, view, WEBHOOK_MENU.text[view.language], html`${note}${body}`)
  })

  app.post(WEBHOOKS_PATH, route, async (request, reply) => {
    const view = viewOf(request)
    if (!Value.Check(Replay, request.body)) throw new TitianError('bad-request')
    const { platform, name } = request.body
    const span = spanOf(request.body)
    const { events, next } = await replayWebhook(db, { platform, name }, span, request.caller.client)
    const query = { platform, name, saved: String(events), ...(next !== null && { more: 'yes' }) }
    return reply.redirect(pathTo(view, WEBHOOKS_PATH, query), 303)
  })

  async function logOf(
    { platform, name }: { platform: string; name: string },
    after: string | undefined,
  ): Promise<ShownWebhooks['chosen']> {
    const webhook = await findWebhook(db, platform, name)
    if (webhook === undefined) throw new TitianError('not-found')
    const found = await listMessages(db, webhook, { after: after ?? null, limit: PAGE + 1 })
    const messages = found.slice(0, PAGE)
    const next = found.length > PAGE ? (messages.at(-1)?.event ?? null) : null
    return { webhook, messages, next, today: JAKARTA.format(clock()) }
  }
}

/** From the beginning of the first day to the end of the last, by the clocks of Jakarta (UTC+7, no daylight saving). */
function spanOf({ from, to }: { from: string; to: string }): { from: Date; to: Date } {
  const begin = new Date(`${from}T00:00:00+07:00`)
  const end = new Date(`${to}T24:00:00+07:00`)
  if (begin < end) return { from: begin, to: end }
  throw new TitianError('bad-request', 'the first day is after the last')
}
