import { BATCH } from '../../domain/states.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { type Html, html } from '../../web/html.ts'
import { count, link, moment, type View } from '../../web/page.ts'
import { wordOf } from '../words.ts'
import { stateOf } from './batch.ts'

/** What the first page shows. */
export type SendPage = {
  csrf: string
  /** Of one form: sent twice, it makes one batch. */
  key: string
  datasets: readonly { name: string; title: string }[]
  batches: readonly BatchView[]
  /** How many records persons ask to be corrected, and when the first is due by law. */
  corrections?: { open: number; due_at: string } | undefined
}

/** The first page: a file to send, and what became of the latest. The form works without a script, which only adds to it. */
export function sendBody(view: View, { csrf, key, datasets, batches, corrections }: SendPage): Html {
  const t = (word: Parameters<typeof wordOf>[1]) => wordOf(view, word)
  return html`<p class="lead">${t('sendLead')}</p>
${
  corrections &&
  html`<p class="note">${t('corrections')} ${count(view, corrections.open)}; ${t('due')} ${moment(view, new Date(corrections.due_at))}.</p>`
}
${
  datasets.length === 0
    ? html`<p class="note">${t('noDataset')}</p>`
    : html`<form class="sheet stack" method="post" enctype="multipart/form-data" action="${link(view, '/portal/files')}" id="send">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="key" value="${key}">
<label>${t('dataset')}<select name="dataset">${datasets.map(({ name, title }) => html`<option value="${name}">${title}</option>`)}</select></label>
<div class="drop"><label>${t('file')}<input type="file" name="file" required accept=".csv,.psv,.txt,.ndjson,.jsonl,.json,.xlsx,.gz,.zst"></label>
<p class="quiet small" hidden>${t('drop')}</p><p class="quiet small">${t('kinds')}</p></div>
<button>${t('upload')}</button>
<div id="progress" hidden data-uploads="${view.basePath}/portal/uploads" data-batches="${view.basePath}/portal/batches/" data-language="${view.isChosen ? view.language : ''}"
data-uploading="${t('uploading')}" data-paused="${t('paused')}" data-reading="${t('reading')}" data-failed="${t('failed')}" data-left="${t('left')}" data-nothing="${t('nothing')}"><progress max="100" value="0" aria-label="${t('progress')}"></progress><p role="status"></p></div>
</form>`
}
<h2>${t('latest')}</h2>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('batch')}</th><th scope="col">${t('state')}</th><th scope="col" class="number">${t(BATCH.received)}</th><th scope="col" class="number">${t('held')}</th><th scope="col" class="number">${t('rejected')}</th></tr></thead>
<tbody>${batches.map(
    (
      batch,
    ) => html`<tr><th scope="row"><a href="${link(view, `/portal/batches/${batch.id}`)}">${moment(view, new Date(batch.created_at))}</a><br><span class="quiet small">${batch.dataset}</span></th>
<td>${stateOf(view, batch)}</td><td class="number">${count(view, batch.counts.received)}</td><td class="number">${count(view, batch.counts.held)}</td><td class="number">${count(view, batch.counts.rejected)}</td></tr>`,
  )}</tbody>
</table>${batches.length === 0 ? html`<p class="none">${t('none')}</p>` : undefined}</div>
<form method="post" action="${link(view, '/portal/sign-out')}"><input type="hidden" name="csrf" value="${csrf}"><button class="plain">${t('signOut')}</button></form>`
}
