import { COUNTED } from '../domain/states.ts'
import type { BatchReportView } from '../reports/batch/report-shape.ts'
import { type Html, html } from './html.ts'
import { count, moment, say, type View } from './page.ts'
import type { Word } from './words.ts'

const SEVERITIES = {
  error: 'severityError',
  hold: 'severityHold',
  warning: 'severityWarning',
} as const satisfies Record<string, Word>

/** What stands below a cause and its examples, for who may see more of it. */
export type BelowCause = (cause: BatchReportView['causes'][number]) => Html | undefined

/** Warnings that are shown at once; more are folded. */
const MOST_OPEN = 5

/** The report of a batch as people read and print it: the verdict, the counts, what to mend, the quality of fields. */
export function batchReportBody(view: View, report: BatchReportView, below?: BelowCause): Html {
  const t = (word: Word) => say(view, word)
  const { batch, before, causes, quality } = report
  const isGood = batch.counts.rejected + batch.counts.held === 0
  return html`<p class="note ${isGood ? 'good' : 'bad'}"><strong>${report.verdict}</strong></p>
<p class="quiet small"><code>${batch.id}</code> · ${batch.platform} · ${batch.dataset} · ${moment(view, new Date(batch.created_at))}</p>
<div class="sheet wide" tabindex="0"><table>
<thead><tr>${COUNTED.map((name) => html`<th scope="col" class="number">${t(name)}</th>`)}<th scope="col" class="number">${t('corrected')}</th></tr></thead>
<tbody><tr>${COUNTED.map((name) => html`<td class="number">${count(view, batch.counts[name])}</td>`)}<td class="number">${count(view, batch.corrected.rejected + batch.corrected.held)}</td></tr>
${
  before === null
    ? undefined
    : html`<tr><td class="number quiet">${count(view, before.received)}</td><td colspan="3" class="quiet">${t('batchBefore')}, ${moment(view, new Date(before.received_at))}</td>
<td class="number quiet">${count(view, before.rejected)}</td><td class="number quiet">${count(view, before.held)}</td><td></td><td></td></tr>`
}</tbody>
</table></div>
<h2>${t('whatToMend')}</h2>
${report.file.map((found) => wholeFile(view, found))}
${foldedCauses(view, causes, below)}
<h2>${t('quality')}</h2>
${quality.length === 0 ? html`<p class="none">${t('nothingFound')}</p>` : qualityTable(view, quality)}`
}

/** What keeps entries out, and below it, folded where there is much of it, what is only warned of. */
function foldedCauses(view: View, causes: BatchReportView['causes'], below: BelowCause | undefined): Html {
  const warnings = causes.filter(({ severity }) => severity === 'warning')
  if (warnings.length <= MOST_OPEN || warnings.length === causes.length) return causesBody(view, causes, below)
  return html`${causesBody(view, causes.slice(0, causes.length - warnings.length), below)}
<details class="sheet"><summary>${say(view, 'warnings')} (${count(view, warnings.length)})</summary><div class="folded">${causesBody(view, warnings, below)}</div></details>`
}

/** What was found in a batch, by code: how often, where, and how it is mended. */
export function causesBody(view: View, causes: BatchReportView['causes'], below?: BelowCause): Html {
  if (causes.length === 0) return html`<p class="none">${say(view, 'nothingFound')}</p>`
  return html`${causes.map((cause) => causeOf(view, cause, below?.(cause)))}`
}

function wholeFile(view: View, { code, title, fields, of, having }: BatchReportView['file'][number]): Html {
  return html`<section class="sheet cause">
<h3>${title}</h3>
<p><strong>${count(view, having)}</strong> / ${count(view, of)} · ${say(view, 'severityWarning')} · <code>${code}</code></p>
${fields.length === 0 ? undefined : html`<p class="small">${say(view, 'field')}: ${fields.map((field, at) => html`${at === 0 ? '' : ', '}<code>${field}</code>`)}</p>`}
</section>`
}

function causeOf(view: View, cause: BatchReportView['causes'][number], below: Html | undefined): Html {
  const t = (word: Word) => say(view, word)
  const { severity, code, title, mend, entries, before, fields, examples } = cause
  const fieldNames = fields.map(({ field }) => field).filter((field) => field !== '')
  const lines = examples.map(
    ({ line, key, form }) =>
      html`<li>${t('line')} ${line}${key === null ? undefined : html` · <code>${key}</code>`}${form === null || form === '' ? undefined : html` · <code>${form}</code>`}</li>`,
  )
  return html`<section class="sheet cause">
<h3>${title}</h3>
<p><strong>${count(view, entries)}</strong> ${t(entries === 1 ? 'entry' : 'entries')} · ${t(SEVERITIES[severity])} · <code>${code}</code>${before === null ? undefined : html` · ${t('batchBefore')}: ${count(view, before)}`}</p>
${fieldNames.length === 0 ? undefined : html`<p class="small">${t('field')}: ${fieldNames.map((field, at) => html`${at === 0 ? '' : ', '}<code>${field}</code>`)}</p>`}
<p>${mend}</p>
${lines.length === 0 ? undefined : html`<ul class="small">${lines}</ul>`}
${below}</section>`
}

function qualityTable(view: View, quality: BatchReportView['quality']): Html {
  const t = (word: Word) => say(view, word)
  const percent = new Intl.NumberFormat(view.language === 'id' ? 'id-ID' : 'en-GB', {
    style: 'percent',
    maximumFractionDigits: 2,
  })
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('field')}</th><th scope="col" class="number">${t('entries')}</th><th scope="col" class="number">${t('qualityScore')}</th><th scope="col" class="number">${t('batchBefore')}</th></tr></thead>
<tbody>${quality.map(
    ({ field, entries, score, before }) =>
      html`<tr><th scope="row"><code>${field}</code></th><td class="number">${count(view, entries)}</td><td class="number">${percent.format(score)}</td><td class="number quiet">${before === null ? '–' : percent.format(before)}</td></tr>`,
  )}</tbody>
</table></div>`
}
