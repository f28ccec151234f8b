import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import { type FindingText, findingTitle } from '../../../domain/finding.ts'
import { type Retried, retryDelivery, selectDelivery } from '../../../forward/operate/operate.sql.ts'
import { type Resent, resendDeliveries } from '../../../forward/operate/resend.db.ts'
import { inTransaction } from '../../../io/postgres/postgres.ts'
import {
  selectBacklog,
  selectDeliveries,
  selectDestinations,
  selectRefused,
} from '../../../reports/operations/deliveries.sql.ts'
import { DELIVERY_FILTERS, type DeliveryFilter } from '../../../reports/operations/delivery-figures.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, pathTo, type View } from '../../../web/page.ts'
import { saved } from '../../../web/saved.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { deliveriesPage } from './deliveries.ts'
import { deliveryBody } from './delivery.ts'
import { DELIVERIES_MENU, sayDelivery } from './words.ts'

const PAGE = 25
const REFUSED = 100
const DELIVERY_ID = /^dlv_[0-9a-z]{26}$/
const POSITION = '^(0|([0-9a-f]{12}-)?[1-9][0-9]{0,17})$'
const SAVED = { due: 'savedDue', 'under-way': 'savedUnderWay', acknowledged: 'savedAcknowledged' } as const

const Range = Type.Object(
  {
    from: Type.String({ pattern: POSITION }),
    to: Type.Union([Type.Literal(''), Type.String({ pattern: POSITION })]),
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
  },
  { additionalProperties: false },
)

export type DeliveryPageOptions = {
  db: Pool
  vault: Vault
  findings: Readonly<Record<string, FindingText>>
  clock: () => Date
  hasten: () => Promise<unknown>
}

/** The deliveries, one of them, and what an operator does about them: try again, send a range again. */
export async function deliveryPages(app: FastifyInstance, options: DeliveryPageOptions): Promise<void> {
  const { db, vault, clock, findings, hasten } = options
  const route = { config: doorTo('deliveries'), schema: { hide: true } } as const

  app.get<{ Querystring: { state?: string; after?: string } }>(DELIVERIES_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const { state = 'open', after } = request.query
    if (!isFilter(state) || (after !== undefined && !DELIVERY_ID.test(after))) throw new TitianError('bad-request')
    return sendPage(reply, view, DELIVERIES_MENU.text[view.language], await listBody(view, state, after ?? null))
  })

  app.post(DELIVERIES_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    if (!Value.Check(Range, request.body)) throw new TitianError('bad-request')
    const { from, to, reason } = request.body
    const order = { from, reason, actor: request.caller.client, ...(to !== '' && { to }) }
    const done = await resendDeliveries({ db, vault }, order)
    // The sweeper dispatches what this misses.
    if (done.resent > 0) await hasten().catch(() => undefined)
    const body = html`${resentNote(view, done)}${await listBody(view, 'open', null)}`
    return sendPage(reply, view, DELIVERIES_MENU.text[view.language], body)
  })

  type One = { Params: { id: string }; Querystring: { saved?: string } }
  app.get<One>(`${DELIVERIES_MENU.path}/:id`, route, async (request, reply) => {
    const view = viewOf(request)
    const way = await selectDelivery(db, request.params.id)
    if (way === undefined) throw new TitianError('not-found')
    const refused = way.refused === 0 ? [] : await selectRefused(db, way.id, REFUSED)
    const told = refused.map((one) => ({ ...one, title: titleOf(one.code, view) }))
    const note = saved(SAVED, request.query.saved, (word) => sayDelivery(view, word))
    return sendPage(reply, view, sayDelivery(view, 'one'), html`${note}${deliveryBody(view, way, told)}`)
  })

  app.post<One>(`${DELIVERIES_MENU.path}/:id`, route, async (request, reply) => {
    const view = viewOf(request)
    const { id } = request.params
    const did: Retried = await inTransaction(db, (tx) => retryDelivery(tx, id, request.caller.client))
    if (did === 'unknown') throw new TitianError('not-found')
    if (did === 'due') await hasten().catch(() => undefined)
    return reply.redirect(pathTo(view, `${DELIVERIES_MENU.path}/${id}`, { saved: did }), 303)
  })

  async function listBody(view: View, filter: DeliveryFilter, after: string | null): Promise<Html> {
    const found = await selectDeliveries(db, filter, { after, limit: PAGE + 1 })
    return deliveriesPage(view, {
      filter,
      deliveries: found.slice(0, PAGE),
      next: found.length > PAGE ? (found[PAGE - 1]?.id ?? null) : null,
      backlog: await selectBacklog(db),
      destinations: await selectDestinations(db),
      now: clock(),
    })
  }

  /** The reason of BPS in words; one that is not in the contract is told as a refusal alone. */
  function titleOf(reason: string, { language }: View): string {
    const code = `receiver-${reason}`
    return findingTitle(findings, Object.hasOwn(findings, code) ? code : 'receiver-refused', language)
  }
}

function resentNote(view: View, { resent, open, gone, next }: Resent): Html {
  const t = (word: Parameters<typeof sayDelivery>[1]) => sayDelivery(view, word)
  return html`<p class="note ${resent > 0 ? 'good' : ''}" role="status">${t('resent')} ${count(view, resent)}${open > 0 ? html` · ${t('openAnyway')} ${count(view, open)}` : undefined}${gone.length > 0 ? html` · ${t('gone')} ${count(view, gone.length)}` : undefined}${next === null ? undefined : html`<br>${t('goOn')} ${next}`}</p>`
}

function isFilter(text: string): text is DeliveryFilter {
  return DELIVERY_FILTERS.some((filter) => filter === text)
}
