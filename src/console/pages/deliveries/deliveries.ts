import {
  type Backlog,
  DELIVERY_FILTERS,
  type DeliveryFilter,
  type Destination,
  type ListedDelivery,
} from '../../../reports/operations/delivery-figures.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { answerText } from './answer-text.ts'
import { DELIVERIES_MENU, type DeliveryWord, sayDelivery } from './words.ts'

/** What the page shows; `now` is the moment that ages are told from. */
export type ShownDeliveries = {
  filter: DeliveryFilter
  deliveries: readonly ListedDelivery[]
  next: string | null
  backlog: Backlog
  destinations: readonly Destination[]
  now: Date
}

/** The deliveries, what waits and why, and the form that sends a range again. */
export function deliveriesPage(view: View, shown: ShownDeliveries): Html {
  const t = (word: DeliveryWord) => sayDelivery(view, word)
  const { filter, deliveries, next } = shown
  const tab = (name: DeliveryFilter) =>
    html`<li><a href="${link(view, DELIVERIES_MENU.path, { state: name })}"${name === filter ? html` aria-current="page"` : undefined}>${t(name)}</a></li>`
  return html`<p class="lead">${t('lead')}</p>
${tilesOf(view, shown)}
<ul class="tabs">${DELIVERY_FILTERS.map(tab)}</ul>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('delivery')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('state')}</th><th scope="col" class="number">${t('position')}</th><th scope="col" class="number">${t('records')}</th><th scope="col" class="number">${t('attempts')}</th><th scope="col">${t('lastReason')}</th><th scope="col">${t('nextTry')}</th></tr></thead>
<tbody>${deliveries.map((delivery) => rowOf(view, delivery))}</tbody></table>${deliveries.length === 0 ? html`<p class="none">${t('none')}</p>` : undefined}</div>
${next === null ? undefined : html`<p class="more"><a href="${link(view, DELIVERIES_MENU.path, { state: filter, after: next })}">${t('more')} →</a></p>`}
${resendForm(view)}`
}

function tilesOf(view: View, { backlog, destinations, now }: ShownDeliveries): Html {
  const t = (word: DeliveryWord) => sayDelivery(view, word)
  const { open, entries, oldestAt, lastAcknowledgedAt, usualSeconds } = backlog
  const tile = (title: string, value: string, note: string | Html, tone = '') =>
    html`<li class="sheet"><span>${title}</span><strong class="${tone}">${value}</strong><span class="quiet small">${note}</span></li>`
  const old = oldestAt === null ? '–' : age(view, Math.max(0, (now.getTime() - oldestAt.getTime()) / 1000))
  const usual = usualSeconds === null ? '–' : usualSeconds < 1 ? '< 1 s' : age(view, usualSeconds)
  return html`<ul class="tiles">${tile(t('waiting'), count(view, open), html`${count(view, entries)} ${t('entries').toLowerCase()}`, open === 0 ? 'for' : '')}
${tile(t('oldest'), old, moment(view, oldestAt))}${tile(t('usual'), usual, t('usualNote'))}
${tile(t('lastAcknowledged'), lastAcknowledgedAt === null ? '–' : age(view, Math.max(0, (now.getTime() - lastAcknowledgedAt.getTime()) / 1000)), moment(view, lastAcknowledgedAt))}
${destinations.map(({ name, failures, openUntil }) => {
  const isOpen = openUntil !== null && openUntil > now
  const note = isOpen
    ? html`${t('breakerNote')} ${moment(view, openUntil)}`
    : html`${count(view, failures)} ${t('failures')}`
  return tile(
    `${t('breaker')}: ${name}`,
    t(isOpen ? 'breakerOpen' : 'breakerClosed'),
    note,
    isOpen ? 'against' : failures > 0 ? 'warn' : 'for',
  )
})}</ul>`
}

function rowOf(view: View, delivery: ListedDelivery): Html {
  const t = (word: DeliveryWord) => sayDelivery(view, word)
  const { id, platform, status, position, records, attempts, lastAnswer, composedAt, dueAt } = delivery
  const tone = { composed: '', sent: '', refused: 'against', acknowledged: 'for' }[status]
  const nextTry = status === 'acknowledged' ? html`–` : dueAt === null ? html`${t('underWay')}` : moment(view, dueAt)
  return html`<tr><th scope="row"><a href="${link(view, `${DELIVERIES_MENU.path}/${id}`)}"><code>…${id.slice(-8)}</code></a><br><span class="quiet small">${moment(view, composedAt)}</span></th>
<td data-label="${t('platform')}">${platform}</td><td data-label="${t('state')}"><span class="${tone}">${t(status)}</span></td><td class="number" data-label="${t('position')}">${position ?? '–'}</td><td class="number" data-label="${t('records')}">${count(view, records)}</td>
<td class="number" data-label="${t('attempts')}">${count(view, attempts)}</td><td data-label="${t('lastReason')}">${answerText(view, lastAnswer)}</td><td data-label="${t('nextTry')}">${nextTry}</td></tr>`
}

function resendForm(view: View): Html {
  const t = (word: DeliveryWord) => sayDelivery(view, word)
  return html`<h2 id="resend">${t('resendTitle')}</h2>
<form class="sheet ask" method="post" action="${link(view, DELIVERIES_MENU.path)}">
<label>${t('fromPosition')} <input name="from" required pattern="[0-9a-f\\-]{1,40}" inputmode="numeric" autocomplete="off"></label>
<label>${t('toPosition')} <input name="to" pattern="[0-9a-f\\-]{1,40}" inputmode="numeric" autocomplete="off"></label>
<label>${t('reason')} <input name="reason" required maxlength="500" autocomplete="off"></label>
<button>${t('resend')}</button><p class="quiet small">${t('resendNote')}</p></form>`
}
