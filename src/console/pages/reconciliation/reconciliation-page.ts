import type { LISTS, ReconciliationList } from '../../../reports/reconciliation/lists.ts'
import type { ReconciledRecord } from '../../../reports/reconciliation/reconciliation-shapes.ts'
import type { Totals } from '../../../reports/reconciliation/totals.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, type View } from '../../../web/page.ts'
import { type ReconciliationWord, sayReconciliation } from './words.ts'

export const RECONCILIATION_PATH = '/console/reconciliation'

/** What is asked for: a platform, a quarter and a level. */
type AskedPage = { platform: string; quarter: string; level: 'individu' | 'keluarga' }

/** What the page shows; a list only if one is chosen. */
export type ShownReconciliation = {
  asked: AskedPage
  platforms: readonly string[]
  quarters: readonly string[]
  totals: Totals
  list: { name: ReconciliationList; records: readonly ReconciledRecord[]; next: string | null } | undefined
}

const LIST_WORDS = {
  found: 'listFound',
  'not-found': 'listNotFound',
  dead: 'listDead',
  'moved-out': 'listMovedOut',
  'moved-within': 'listMovedWithin',
  excluded: 'listExcluded',
  unanswered: 'listUnanswered',
  'moved-in': 'listMovedIn',
  'never-sent': 'listNeverSent',
  duplicates: 'listDuplicates',
} as const satisfies Record<(typeof LISTS)[number], ReconciliationWord>

/** Sent and found, sent and not found, dead, moved, never sent, doubled: the counts of a region and quarter, and one list of them. */
export function reconciliationBody(view: View, shown: ShownReconciliation): Html {
  const t = (word: ReconciliationWord) => sayReconciliation(view, word)
  const { asked, totals, list } = shown
  const row = (name: ReconciliationList, value: number) =>
    html`<tr><th scope="row"><a href="${link(view, RECONCILIATION_PATH, { ...asked, list: name })}#list"${
      name === list?.name ? html` aria-current="true"` : undefined
    }>${t(LIST_WORDS[name])}</a></th><td class="number">${count(view, value)}</td></tr>`
  const plain = (word: ReconciliationWord, value: number) =>
    html`<tr><th scope="row">${t(word)}</th><td class="number">${count(view, value)}</td></tr>`
  const sent = Object.entries(totals.lists) as [ReconciliationList, number][]
  return html`<p class="lead">${t('reconciliationLead')}</p>
${askForm(view, shown)}
<div class="sheet"><table>
<thead><tr><th scope="col">${t('sentRecords')}</th><th scope="col" class="number">${count(view, totals.sent)}</th></tr></thead>
<tbody>${sent.map(([name, value]) => row(name, value))}</tbody>
<thead><tr><th scope="col" colspan="2">${t('besideThem')}</th></tr></thead>
<tbody>${row('never-sent', totals.never_sent)}${row('moved-in', totals.moved_in)}${row('duplicates', totals.duplicates)}</tbody>
<thead><tr><th scope="col" colspan="2">${t('wordOfBps')}</th></tr></thead>
<tbody>${plain('deliveriesComposed', totals.deliveries.composed)}${plain('deliveriesAcknowledged', totals.deliveries.acknowledged)}${plain('deliveriesSigned', totals.deliveries.signed)}</tbody>
</table></div>
${list === undefined ? undefined : listBody(view, asked, list)}`
}

function askForm(view: View, { asked, platforms, quarters }: ShownReconciliation): Html {
  const t = (word: ReconciliationWord) => sayReconciliation(view, word)
  const options = (values: readonly string[], chosen: string, text = (value: string) => value) =>
    values.map(
      (value) =>
        html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${text(value)}</option>`,
    )
  const levels: Record<string, ReconciliationWord> = { individu: 'levelPersons', keluarga: 'levelFamilies' }
  return html`<form class="sheet ask" method="get" action="${link(view, RECONCILIATION_PATH)}">
${view.isChosen ? html`<input type="hidden" name="lang" value="${view.language}">` : undefined}
<label>${t('platform')} <select name="platform">${options(platforms, asked.platform)}</select></label>
<label>${t('quarter')} <select name="quarter">${options(quarters, asked.quarter)}</select></label>
<label>${t('level')} <select name="level">${options(['individu', 'keluarga'], asked.level, (level) => t(levels[level] ?? 'level'))}</select></label>
<button>${t('show')}</button></form>`
}

function listBody(view: View, asked: AskedPage, list: NonNullable<ShownReconciliation['list']>): Html {
  const t = (word: ReconciliationWord) => sayReconciliation(view, word)
  const { name, records, next } = list
  return html`<h2 id="list">${t(LIST_WORDS[name])}</h2>
<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('ownKey')}</th><th scope="col">${t('dataset')}</th><th scope="col">${t('reason')}</th><th scope="col">${t('regionCode')}</th><th scope="col">${t('asOf')}</th></tr></thead>
<tbody>${records.map(
    ({ key, dataset, same_as, reason_text, region, version, as_of }) =>
      html`<tr><th scope="row">${key ?? '–'}${same_as.length > 0 ? html`<span class="quiet small"> = ${same_as.join(', ')}</span>` : undefined}</th>
<td>${dataset ?? '–'}</td><td>${reason_text ?? '–'}</td><td>${region ?? '–'}</td><td>${as_of ?? '–'} <span class="quiet small">${version ?? ''}</span></td></tr>`,
  )}</tbody>
</table>${records.length === 0 ? html`<p class="none">${t(next === null ? 'nobody' : 'nobodyHere')}</p>` : undefined}</div>
${next === null ? undefined : html`<p class="more"><a href="${link(view, RECONCILIATION_PATH, { ...asked, list: name, after: next })}">${t('more')} →</a></p>`}`
}
