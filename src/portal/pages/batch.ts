import type { Static } from 'typebox'
import { BATCH, COUNTED } from '../../domain/states.ts'
import type { FindingItem } from '../../engine/batch-shapes.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { GivenBack } from '../../reports/batch/given-back.ts'
import { givenBackOf } from '../../reports/batch/given-back.ts'
import type { BatchReportView } from '../../reports/batch/report-shape.ts'
import { causesBody } from '../../web/batch-report.ts'
import { type Html, html } from '../../web/html.ts'
import { count, link, moment, type View } from '../../web/page.ts'
import { type PortalWord, wordOf } from '../words.ts'

export type BatchPage = {
  batch: BatchView
  /** What was found, by code; nothing while the batch is under way. */
  causes: BatchReportView['causes']
  /** The first findings that keep a record out. */
  findings: readonly Static<typeof FindingItem>[]
}

const COUNTS = COUNTED

const ROWS = {
  rejected: 'downloadRejected',
  held: 'downloadHeld',
  unprocessed: 'downloadUnprocessed',
} as const satisfies Record<GivenBack, PortalWord>

/** How far a batch is, in a word. */
export function stateOf(view: View, { state, aborted_at: abortedAt }: Pick<BatchView, 'state' | 'aborted_at'>): string {
  if (abortedAt !== null) return wordOf(view, 'aborted')
  return wordOf(view, state === BATCH.received ? 'working' : state)
}

/** Whether outcomes of a batch are still to come. */
export function isUnderWay({ state, counts }: BatchView): boolean {
  return state === BATCH.receiving || counts.pending > 0
}

/** One batch: the verdict, what became of its records, the first findings, and what can be downloaded. */
export function batchBody(view: View, { batch, causes, findings }: BatchPage): Html {
  const t = (word: Parameters<typeof wordOf>[1]) => wordOf(view, word)
  const { counts, id } = batch
  const corrected = batch.corrected.held + batch.corrected.rejected
  const rows = givenBackOf(batch)
  return html`<p class="lead">${batch.dataset} · ${moment(view, new Date(batch.created_at))} · ${stateOf(view, batch)}</p>
${verdictOf(view, batch, corrected)}
<h2>${t('counts')}</h2>
<div class="sheet"><table><tbody>${COUNTS.map(
    (name) =>
      html`<tr><th scope="row">${t(name)}</th><td class="number" id="${name}">${count(view, counts[name])}</td></tr>`,
  )}
${corrected === 0 ? undefined : html`<tr><th scope="row">${t('corrected')}</th><td class="number" id="corrected">${count(view, corrected)}</td></tr>`}</tbody></table></div>
<h2>${t('downloads')}</h2>
<ul class="downloads">
<li><a href="${link(view, `/portal/batches/${id}/findings`)}">${t('downloadFindings')}</a></li>
${rows.map((which) => html`<li>${rowLinks(view, batch, which)}</li>`)}
</ul>
${rows.length === 0 ? undefined : html`<p class="quiet">${t('rowsNote')}</p>`}
${
  isUnderWay(batch)
    ? undefined
    : html`<h2>${t('findings')}</h2>
${causesBody(view, causes)}`
}
${findings.length === 0 ? undefined : findingTable(view, findings)}`
}

/** Rows in the form of the file that was sent, and beside it the other one that tables have. */
function rowLinks(view: View, { id, form }: BatchView, which: GivenBack): Html {
  const at = (as: string) => link(view, `/portal/batches/${id}/rows/${which}${as}`)
  const isWorkbook = form?.kind === 'xlsx'
  const main = html`<a href="${at(isWorkbook ? '?form=xlsx' : '')}">${wordOf(view, ROWS[which])}</a>`
  if (isWorkbook) return html`${main} · <a href="${at('')}">CSV</a>`
  return form?.kind === 'csv' ? html`${main} · <a href="${at('?form=xlsx')}">XLSX</a>` : main
}

function verdictOf(view: View, batch: BatchView, corrected: number): Html {
  if (isUnderWay(batch)) return html`<p class="note" role="status">${wordOf(view, 'wait')}</p>`
  const bad = batch.counts.held + batch.counts.rejected - corrected
  if (bad > 0)
    return html`<p class="note bad" role="status"><strong>${count(view, bad)}</strong> ${wordOf(view, 'someBad')}</p>`
  return html`<p class="note good" role="status">${wordOf(view, corrected > 0 ? 'allMended' : 'allGood')}</p>`
}

function findingTable(view: View, findings: BatchPage['findings']): Html {
  const t = (word: Parameters<typeof wordOf>[1]) => wordOf(view, word)
  return html`<div class="sheet wide"><table>
<caption>${t('firstFindings')}</caption>
<thead><tr><th scope="col" class="number">${t('line')}</th><th scope="col">${t('what')}</th><th scope="col">${t('where')}</th><th scope="col">${t('effect')}</th><th scope="col">${t('key')}</th></tr></thead>
<tbody>${findings.map(
    ({ line, key, title, path, severity, corrected_by: later }) =>
      html`<tr><td class="number">${line}</td><td>${title}</td><td><code>${path}</code></td><td>${later ? html`<a href="${link(view, `/portal/batches/${later}`)}">${t('corrected')}</a>` : t(severity)}</td><td>${key ?? '–'}</td></tr>`,
  )}</tbody></table></div>`
}
