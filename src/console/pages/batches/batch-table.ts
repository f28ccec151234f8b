import type { Static } from 'typebox'
import { type BatchState, COUNTED } from '../../../domain/states.ts'
import type { Batch } from '../../../engine/batch-shapes.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, say, type View } from '../../../web/page.ts'
import type { Word } from '../../../web/words.ts'

/** What a row of the table shows of a batch. */
export type ListedBatch = Pick<
  Static<typeof Batch>,
  | 'id'
  | 'platform'
  | 'dataset'
  | 'state'
  | 'created_at'
  | 'counts'
  | 'corrected'
  | 'gap'
  | 'kind'
  | 'aborted_at'
  | 'snapshot'
>

export const BATCH_STATES = {
  receiving: 'stateReceiving',
  received: 'stateReceived',
  settled: 'stateSettled',
} as const satisfies Record<BatchState, Word>

/** Batches as a table, each a link to its page. */
export function batchTable(view: View, batches: readonly ListedBatch[], none: Word = 'noBatches'): Html {
  const t = (word: Word) => say(view, word)
  return html`<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('batch')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('state')}</th>${countHeads(view)}</tr></thead>
<tbody>${batches.map((batch) => rowOf(view, batch))}</tbody>
</table>${batches.length === 0 ? html`<p class="none">${t(none)}</p>` : undefined}</div>`
}

/** Titles of the columns of counts. */
export function countHeads(view: View): Html[] {
  return [...COUNTED, 'gap' as const].map((name) => html`<th scope="col" class="number">${say(view, name)}</th>`)
}

/** The cells of counts, and the gap that has to be 0. */
export function countCells(view: View, counts: ListedBatch['counts'], gap: number): Html[] {
  const cell = (name: Word, value: number, tone: string) =>
    html`<td class="number ${tone}" data-label="${say(view, name)}">${count(view, value)}</td>`
  return [
    ...COUNTED.map((name) => cell(name, counts[name], counts[name] === 0 ? 'quiet' : '')),
    cell('gap', gap, gap === 0 ? 'for' : 'against'),
  ]
}

function rowOf(view: View, batch: ListedBatch): Html {
  const t = (word: Word) => say(view, word)
  return html`<tr><th scope="row"><a href="${link(view, `/console/batches/${batch.id}`)}" title="${batch.id}"><code>…${batch.id.slice(-8)}</code></a>${under(moment(view, new Date(batch.created_at)))}</th>
<td data-label="${t('platform')}"><span>${batch.platform}${under(batch.dataset)}</span></td><td data-label="${t('state')}"><span>${t(BATCH_STATES[batch.state])}${notesOf(batch).map((word) => under(t(word)))}</span></td>${countCells(view, batch.counts, batch.gap)}</tr>`
}

/** What is said of a batch beside its state. */
function notesOf({ kind, aborted_at, snapshot }: ListedBatch): Word[] {
  const notes: Word[] = kind === 'withdrawal' ? ['kindWithdrawal'] : []
  if (aborted_at !== null) notes.push('aborted')
  if (snapshot !== null) notes.push(snapshot.state === 'held' ? 'snapshotHeld' : 'snapshot')
  return notes
}

function under(text: string | Html): Html {
  return html`<br><span class="quiet small">${text}</span>`
}
