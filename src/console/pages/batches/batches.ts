import { BATCH, type BatchState } from '../../../domain/states.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { BATCH_STATES, batchTable, type ListedBatch } from './batch-table.ts'
import { BATCHES_MENU, type BatchWord, sayBatch } from './words.ts'

/** What was asked for, as the address has it; absent: whatever. */
export type AskedBatches = {
  platform?: string
  dataset?: string
  state?: BatchState
  from?: string
  to?: string
  held?: 'yes'
}

/** The list of batches with its filters. */
export function batchesBody(
  view: View,
  shown: {
    asked: AskedBatches
    platforms: readonly string[]
    datasets: readonly string[]
    batches: readonly ListedBatch[]
    next: string | null
  },
): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  const { asked, batches, next } = shown
  const choice = (
    name: string,
    all: string,
    values: readonly (readonly [string, string])[],
    chosen: string | undefined,
  ) =>
    html`<select name="${name}"><option value="">${all}</option>${values.map(
      ([value, text]) =>
        html`<option value="${value}"${value === chosen ? html` selected` : undefined}>${text}</option>`,
    )}</select>`
  const plain = (names: readonly string[]) => names.map((name) => [name, name] as const)
  const states = Object.values(BATCH).map((state) => [state, t(BATCH_STATES[state])] as const)
  return html`<p class="lead">${t('lead')}</p>
<form class="sheet ask" method="get" action="${link(view, BATCHES_MENU.path)}">${view.isChosen ? html`<input type="hidden" name="lang" value="${view.language}">` : undefined}
<label>${t('platform')} ${choice('platform', t('allPlatforms'), plain(shown.platforms), asked.platform)}</label>
<label>${t('dataset')} ${choice('dataset', t('allDatasets'), plain(shown.datasets), asked.dataset)}</label>
<label>${t('state')} ${choice('state', t('allStates'), states, asked.state)}</label>
<label>${t('fromDay')} <input type="date" name="from" value="${asked.from ?? ''}"></label>
<label>${t('toDay')} <input type="date" name="to" value="${asked.to ?? ''}"></label>
<label class="tick"><input type="checkbox" name="held" value="yes"${asked.held === 'yes' ? html` checked` : undefined}> ${t('onlyHolding')}</label>
<button>${t('show')}</button>${Object.keys(asked).length === 0 ? undefined : html`<a href="${link(view, BATCHES_MENU.path)}">${t('reset')}</a>`}</form>
${batchTable(view, batches, Object.keys(asked).length === 0 ? 'noBatches' : 'nothingFound')}
${next === null ? undefined : html`<p class="more"><a href="${link(view, BATCHES_MENU.path, { ...asked, after: next })}">${t('more')} →</a></p>`}`
}
