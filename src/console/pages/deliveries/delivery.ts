import type { DeliveryWay } from '../../../forward/operate/delivery-way.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { answerText } from './answer-text.ts'
import { DELIVERIES_MENU, type DeliveryWord, sayDelivery } from './words.ts'

/** One delivery: how far it is, what the receiver said last, and the button that tries it again. */
export function deliveryBody(
  view: View,
  way: DeliveryWay,
  refused: readonly { subject: string; code: string; title: string }[],
): Html {
  const t = (word: DeliveryWord) => sayDelivery(view, word)
  const tone = { composed: '', sent: '', refused: 'against', acknowledged: 'for' }[way.status as 'sent'] ?? ''
  const isOpen = way.status !== 'acknowledged'
  const row = (word: DeliveryWord, value: string | Html) =>
    html`<tr><th scope="row">${t(word)}</th><td>${value}</td></tr>`
  return html`<p class="quiet small"><code>${way.id}</code> · ${way.platform} · <a href="${link(view, `/console/batches/${way.batch}`)}">${t('batch')}</a></p>
<p class="note ${isOpen ? (way.lastAnswer === null ? '' : 'bad') : 'good'}"><strong class="${tone}">${t(way.status as DeliveryWord)}</strong>${isOpen && way.lastAnswer !== null ? html` · ${answerText(view, way.lastAnswer)}` : undefined}</p>
<div class="sheet"><table>
${row('records', count(view, way.records))}${row('entries', count(view, way.entries))}${row('position', way.position ?? '–')}${row('composed', moment(view, way.composedAt))}
${row('attempts', count(view, way.attempts))}${row('triedAt', moment(view, way.triedAt))}${isOpen ? row('nextTry', way.dueAt === null ? t('underWay') : moment(view, way.dueAt)) : undefined}
${row('sentAt', moment(view, way.sentAt))}${row('acknowledged', moment(view, way.acknowledgedAt))}${row('acknowledgedBy', way.acknowledgedBy ?? '–')}${row('signedBy', html`<code class="wrap">${way.signedBy ?? '–'}</code>`)}
${row('resends', count(view, way.resends))}${row('kept', t(way.isKept ? 'yes' : 'no'))}
</table></div>
${isOpen ? html`<form method="post" action="${link(view, `${DELIVERIES_MENU.path}/${way.id}`)}"><button>${t('retry')}</button></form>` : undefined}
${
  refused.length === 0
    ? undefined
    : html`<h2>${t('notTaken')}</h2><div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('subject')}</th><th scope="col">${t('code')}</th></tr></thead><tbody>${refused.map(
        ({ subject, code, title }) =>
          html`<tr><th scope="row"><code>${subject}</code></th><td data-label="${t('code')}"><span>${title}<br><code class="quiet small">${code}</code></span></td></tr>`,
      )}</tbody></table></div>`
}`
}
