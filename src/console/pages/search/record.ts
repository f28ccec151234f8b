import type { Finding } from '../../../domain/finding.ts'
import type { Outcome } from '../../../domain/states.ts'
import type { DeliveryRow } from '../../../reports/record/delivery-row.ts'
import type { CameRow, EntrySubject } from '../../../reports/record/found.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, day, link, moment, type View } from '../../../web/page.ts'
import { answerText } from '../deliveries/answer-text.ts'
import { type SearchWord, saySearch } from './words.ts'

/** A time the record came, with what was found then. */
export type Came = CameRow & { findings: readonly (Finding & { title: string })[] }
export type RecordPage = {
  came: readonly Came[]
  subjects: readonly EntrySubject[]
  deliveries: readonly DeliveryRow[]
  isOps: boolean
}

const TONES: Record<Outcome, string> = { new: 'for', updated: 'for', unchanged: '', rejected: 'against', held: 'warn' }

/** One record's whole way: when it came, what was found, whose it is, where it was sent, what BPS says. No value of a person. */
export function recordBody(view: View, { came, subjects, deliveries, isOps }: RecordPage): Html {
  const t = (word: SearchWord) => saySearch(view, word)
  return html`<h2>${t('came')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('batch')}</th><th scope="col">${t('platform')}</th><th scope="col" class="number">${t('line')}</th><th scope="col">${t('outcome')}</th><th scope="col">${t('findings')}</th></tr></thead>
<tbody>${came.map((one) => cameRow(view, one))}</tbody></table></div>
<h2>${t('subjects')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('subject')}</th><th scope="col">${t('level')}</th><th scope="col" class="number">${t('version')}</th><th scope="col">${t('result')}</th></tr></thead>
<tbody>${subjects.map(
    (subject) =>
      html`<tr><th scope="row"><a href="${link(view, `/console/search/${subject.id}`)}"><code>${subject.id}</code></a></th><td data-label="${t('level')}">${t(subject.level as SearchWord)}</td><td class="number" data-label="${t('version')}">${count(view, subject.version)}</td><td data-label="${t('result')}">${resultOf(view, subject)}</td></tr>`,
  )}</tbody></table>${subjects.length === 0 ? html`<p class="none">${t('noSubjects')}</p>` : undefined}</div>
<h2>${t('sent')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('delivery')}</th><th scope="col">${t('state')}</th><th scope="col" class="number">${t('attempts')}</th><th scope="col">${t('lastReason')}</th></tr></thead>
<tbody>${deliveries.map(
    ({
      id,
      status,
      attempts,
      last_reason,
      composed_at,
      acknowledged_at,
      refused,
    }) => html`<tr><th scope="row">${isOps ? html`<a href="${link(view, `/console/deliveries/${id}`)}"><code>${id}</code></a>` : html`<code>${id}</code>`}<br><span class="quiet small">${moment(view, composed_at)}</span></th>
<td data-label="${t('state')}"><span class="${status === 'acknowledged' ? 'for' : status === 'refused' ? 'against' : ''}">${t(`status${status}` as SearchWord)}${acknowledged_at === null ? undefined : html` · ${t(refused.length === 0 ? 'taken' : 'notTaken')}`}</span></td><td class="number" data-label="${t('attempts')}">${count(view, attempts)}</td><td data-label="${t('lastReason')}">${refused.length > 0 ? refused.map(({ code }) => code).join(', ') : answerText(view, last_reason)}</td></tr>`,
  )}</tbody></table>${deliveries.length === 0 ? html`<p class="none">${t('nowhere')}</p>` : undefined}</div>`
}

/** A record whose batch is being worked: it has no outcome yet, or none any more. */
export function underWayBody(view: View, batch: string): Html {
  return html`<p class="note" role="status">${saySearch(view, 'underWay')} <a href="${link(view, `/console/batches/${batch}`)}"><code>${batch}</code></a></p>`
}

/** The last that BPS said of a subject. */
export function resultOf(view: View, { result, mergedInto }: EntrySubject): Html {
  const t = (word: SearchWord) => saySearch(view, word)
  const merged =
    mergedInto === null
      ? undefined
      : html`${t('mergedInto')} <a href="${link(view, `/console/search/${mergedInto}`)}"><code>${mergedInto}</code></a>`
  if (result === null) return html`<span class="quiet">${t('noResult')}</span> ${merged}`
  return html`<span>${t(`result${result.status}` as SearchWord)} <span class="quiet small">${result.version}, ${t('asOfDay')} ${day(view, result.asOf)}</span></span> ${merged}`
}

function cameRow(
  view: View,
  { batch, line, platform, dataset, outcome, correctedBy, receivedAt, findings }: Came,
): Html {
  const t = (word: SearchWord) => saySearch(view, word)
  const isHeld = outcome === 'held' && correctedBy === null
  const heldBy = isHeld ? findings.find(({ severity }) => severity === 'hold') : undefined
  return html`<tr><th scope="row"><a href="${link(view, `/console/batches/${batch}`)}"><code>…${batch.slice(-8)}</code></a><br><span class="quiet small">${moment(view, receivedAt)}</span></th>
<td data-label="${t('platform')}"><span>${platform}<br><span class="quiet small">${dataset}</span></span></td><td class="number" data-label="${t('line')}">${line}</td>
<td data-label="${t('outcome')}"><span class="${TONES[outcome]}">${t(outcome)}</span>${correctedBy === null ? undefined : html`<br><span class="quiet small">${t('correctedBy')} <a href="${link(view, `/console/batches/${correctedBy}`)}">…${correctedBy.slice(-8)}</a></span>`}</td>
<td>${findings.length === 0 ? html`<span class="quiet">–</span>` : findings.map(({ title, code, path }) => html`<div>${title} <code class="quiet small wrap">${code} ${path}</code></div>`)}${heldBy === undefined ? undefined : html`<a class="small" href="${link(view, '/console/held', { platform, code: heldBy.code })}">${t('releases')}</a>`}</td></tr>`
}
