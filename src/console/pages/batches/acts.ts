import type { Static } from 'typebox'
import { BATCH } from '../../../domain/states.ts'
import type { Batch } from '../../../engine/batch-shapes.ts'
import { type GivenBack, givenBackOf } from '../../../reports/batch/given-back.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { type BatchWord, sayBatch } from './words.ts'

/** What may be done about a batch, and by whom: `codes` are the findings that hold entries, with their texts. */
export type ShownActs = {
  batch: Static<typeof Batch>
  codes: readonly { code: string; title: string; entries: number; wantsReason: boolean }[]
  openDeliveries: number
  isOps: boolean
  isSteward: boolean
}

/** The forms of one batch: release, try again, work again, abort, and its rows for a steward. */
export function actsBody(view: View, { batch, codes, openDeliveries, isOps, isSteward }: ShownActs): Html | undefined {
  const t = (word: BatchWord) => sayBatch(view, word)
  const path = link(view, `/console/batches/${batch.id}`)
  const held = batch.counts.held - batch.corrected.held
  const given = batch.kind === 'push' && isSteward ? givenBackOf(batch) : []
  const mayAbort = isOps && batch.kind === 'push' && batch.state !== BATCH.settled && batch.aborted_at === null
  const mayReplay = isOps && batch.kind === 'push' && batch.state === BATCH.settled && batch.aborted_at === null
  const forms = [
    held > 0 && (isOps || isSteward) ? releaseForm(view, path, codes) : undefined,
    isOps && openDeliveries > 0
      ? html`<form method="post" action="${path}" class="sheet decide"><button name="act" value="retry">${t('retry')} (${count(view, openDeliveries)})</button></form>`
      : undefined,
    given.length > 0 ? rowsForm(view, path, given) : undefined,
    mayReplay ? replayForm(view, path) : undefined,
    mayAbort
      ? html`<details class="sheet"><summary>${t('abort')}</summary><form method="post" action="${path}" class="decide"><p>${t('abortNote')}</p><button class="danger" name="act" value="abort">${t('abortSure')}</button></form></details>`
      : undefined,
  ].filter((form) => form !== undefined)
  return forms.length === 0 ? undefined : html`<h2 id="acts">${t('acts')}</h2>${forms}`
}

function releaseForm(view: View, path: string, codes: ShownActs['codes']): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  return html`<form class="decide sheet" method="post" action="${path}">
<fieldset><legend>${t('release')}</legend><p class="quiet small">${t('releaseNote')}</p>
<div class="choices">${codes.map(
    ({ code, title, entries, wantsReason }) =>
      html`<label><input type="checkbox" name="code" value="${code}"><span>${title}<small><code>${code}</code> · ${count(view, entries)} ${t(entries === 1 ? 'entry' : 'entries')}${wantsReason ? html` · ${t('reason')}` : undefined}</small></span></label>`,
  )}</div></fieldset>
<div class="field"><label for="release-reason">${t('reason')}</label><input id="release-reason" name="reason" maxlength="500" autocomplete="off"></div>
<button name="act" value="release">${t('release')}</button></form>`
}

function replayForm(view: View, path: string): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  return html`<details class="sheet"><summary>${t('replay')}</summary><form method="post" action="${path}" class="decide"><p>${t('replayNote')}</p>
<div class="field"><label for="replay-reason">${t('reason')}</label><input id="replay-reason" name="reason" required minlength="3" maxlength="500" autocomplete="off"></div>
<button name="act" value="replay">${t('replaySure')}</button></form></details>`
}

function rowsForm(view: View, path: string, given: readonly GivenBack[]): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  return html`<form class="decide sheet" method="post" action="${path}/rows">
<fieldset><legend>${t('rows')}</legend><p class="quiet small">${t('rowsNote')}</p></fieldset>
<div class="field"><label for="rows-reason">${t('reason')}</label><input id="rows-reason" name="reason" required minlength="3" maxlength="500" autocomplete="off"></div>
<p class="acts">${given.map((which) => html`<button class="light" name="which" value="${which}">${t(`rows${which}`)}</button>`)}</p></form>`
}

/** Who released what of a batch, and why. */
export function releasesBody(
  view: View,
  releases: readonly {
    at: Date
    actor: string
    codes: readonly string[] | null
    reason: string | null
    released: number
  }[],
): Html | undefined {
  if (releases.length === 0) return undefined
  const t = (word: BatchWord) => sayBatch(view, word)
  return html`<h2>${t('releases')}</h2><div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('at')}</th><th scope="col">${t('who')}</th><th scope="col">${t('codes')}</th><th scope="col" class="number">${t('entries')}</th><th scope="col">${t('reason')}</th></tr></thead>
<tbody>${releases.map(
    ({ at, actor, codes, reason, released }) =>
      html`<tr><th scope="row">${moment(view, at)}</th><td data-label="${t('who')}">${actor}</td><td data-label="${t('codes')}">${codes === null ? t('allMended') : codes.join(', ')}</td><td class="number" data-label="${t('entries')}">${count(view, released)}</td><td data-label="${t('reason')}">${reason ?? '–'}</td></tr>`,
  )}</tbody></table></div>`
}
