import type { Static } from 'typebox'
import type { FindingItem } from '../../engine/batch-shapes.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { type Html, html } from '../../web/html.ts'
import { count, link, moment, type View } from '../../web/page.ts'
import { tell } from '../words.ts'

export type BatchPage = { batch: BatchView; findings: readonly Static<typeof FindingItem>[] }

const COUNTS = ['received', 'new', 'updated', 'unchanged', 'held', 'rejected', 'pending'] as const

/** How far a batch is, in a word. */
export function stateOf(view: View, { state, aborted_at: abortedAt }: Pick<BatchView, 'state' | 'aborted_at'>): string {
  if (abortedAt !== null) return tell(view, 'aborted')
  return tell(view, state === 'received' ? 'working' : state)
}

/** Whether outcomes of a batch are still to come. */
export function isUnderWay({ state, counts }: BatchView): boolean {
  return state === 'receiving' || counts.pending > 0
}

/** One batch: the verdict, what became of its records, the first findings, and what can be downloaded. */
export function batchBody(view: View, { batch, findings }: BatchPage): Html {
  const t = (word: Parameters<typeof tell>[1]) => tell(view, word)
  const { counts, id } = batch
  const bad = counts.held + counts.rejected
  return html`<p class="lead">${batch.dataset} · ${moment(view, new Date(batch.created_at))} · ${stateOf(view, batch)}</p>
${verdictOf(view, batch, bad)}
<h2>${t('counts')}</h2>
<div class="sheet"><table><tbody>${COUNTS.map(
    (name) =>
      html`<tr><th scope="row">${t(name)}</th><td class="number" id="${name}">${count(view, counts[name])}</td></tr>`,
  )}</tbody></table></div>
<h2>${t('downloads')}</h2>
<ul class="downloads">
<li><a href="${link(view, `/portal/batches/${id}/findings`)}">${t('downloadFindings')}</a></li>
${counts.rejected > 0 ? html`<li><a href="${link(view, `/portal/batches/${id}/rows`, { outcome: 'rejected' })}">${t('downloadRejected')}</a></li>` : undefined}
${counts.held > 0 ? html`<li><a href="${link(view, `/portal/batches/${id}/rows`, { outcome: 'held' })}">${t('downloadHeld')}</a></li>` : undefined}
</ul>
<h2>${t('findings')}</h2>
${findings.length === 0 ? html`<p class="quiet">${t('noFindings')}</p>` : findingTable(view, findings)}`
}

function verdictOf(view: View, batch: BatchView, bad: number): Html {
  if (isUnderWay(batch)) return html`<p class="note" role="status">${tell(view, 'wait')}</p>`
  if (bad === 0) return html`<p class="note good" role="status">${tell(view, 'allGood')}</p>`
  return html`<p class="note bad" role="status"><strong>${count(view, bad)}</strong> ${tell(view, 'someBad')}</p>`
}

function findingTable(view: View, findings: BatchPage['findings']): Html {
  const t = (word: Parameters<typeof tell>[1]) => tell(view, word)
  return html`<div class="sheet wide"><table>
<caption>${t('firstFindings')}</caption>
<thead><tr><th scope="col" class="number">${t('line')}</th><th scope="col">${t('what')}</th><th scope="col">${t('where')}</th><th scope="col">${t('effect')}</th><th scope="col">${t('key')}</th></tr></thead>
<tbody>${findings.map(
    ({ line, key, title, path, severity }) =>
      html`<tr><td class="number">${line}</td><td>${title}</td><td><code>${path}</code></td><td>${t(severity)}</td><td>${key ?? '–'}</td></tr>`,
  )}</tbody></table></div>`
}
