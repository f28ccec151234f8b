import { type BatchKind, type BatchState, COUNTED, type Outcome } from '../../../domain/states.ts'
import type { SnapshotState } from '../../../domain/withdrawal.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { type OverviewWord, sayOverview } from './words.ts'

type Sums = {
  received: number
  chunks: Record<Outcome, number>
  corrected: { held: number }
  pending: number
  gap: number
  ledger_gap: number
  delivery_gap: number
}
type Counts = Record<(typeof COUNTED)[number], number>

/** What the first page shows. */
export type Overview = {
  openReviews: number
  gap: number
  /** Entries in deliveries that are not acknowledged, and since when. */
  open: number
  openSince: string | null
  platforms: readonly (Sums & { platform: string })[]
  batches: readonly {
    id: string
    platform: string
    dataset: string
    state: BatchState
    created_at: string
    counts: Counts
    gap: number
    kind: BatchKind
    aborted_at: string | null
    snapshot: { state: SnapshotState } | null
  }[]
}

const STATES = {
  receiving: 'stateReceiving',
  received: 'stateReceived',
  settled: 'stateSettled',
} as const satisfies Record<BatchState, OverviewWord>

/** The first page: whether anything is lost, what waits for a person, and the latest batches. */
export function homeBody(view: View, { openReviews, gap, open, openSince, platforms, batches }: Overview): Html {
  const t = (word: OverviewWord) => sayOverview(view, word)
  const isSteward = view.sections.some(({ path }) => path === '/console/reviews')
  const pending = platforms.reduce((sum, platform) => sum + platform.pending, 0)
  const held = platforms.reduce((sum, platform) => sum + platform.chunks.held - platform.corrected.held, 0)
  const corrected = platforms.reduce((sum, platform) => sum + platform.corrected.held, 0)
  return html`<p class="lead">${t('homeLead')}</p>
<ul class="tiles">
${tile(t('gap'), count(view, gap), t('gapNote'), gap === 0 ? 'for' : 'against')}
${tile(
  isSteward ? html`<a href="${link(view, '/console/reviews')}">${t('openReviews')}</a>` : t('openReviews'),
  count(view, openReviews),
)}
${tile(t('inWork'), count(view, pending), t('entries'))}
${tile(
  t('notDelivered'),
  count(view, open),
  openSince === null ? t('entries') : html`${t('notDeliveredSince')} ${moment(view, new Date(openSince))}`,
  open === 0 ? 'for' : '',
)}
${tile(t('heldBack'), count(view, held), html`${t('entries')}${corrected === 0 ? undefined : html` · ${count(view, corrected)} ${t('correctedSince')}`}`)}
</ul>
<h2>${t('byPlatform')}</h2>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('platform')}</th>${heads(view)}</tr></thead>
<tbody>${platforms.map(
    (sums) =>
      html`<tr><th scope="row">${sums.platform}</th>${cells(
        view,
        { received: sums.received, ...sums.chunks, pending: sums.pending },
        Math.abs(sums.gap) + Math.abs(sums.ledger_gap) + Math.abs(sums.delivery_gap),
      )}</tr>`,
  )}</tbody>
</table>${platforms.length === 0 ? html`<p class="none">${t('noBatches')}</p>` : undefined}</div>
<h2>${t('latestBatches')}</h2>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('batch')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('state')}</th>${heads(view)}</tr></thead>
<tbody>${batches.map(
    (
      batch,
    ) => html`<tr><th scope="row"><a href="${link(view, `/console/batches/${batch.id}`)}" title="${batch.id}"><code>…${batch.id.slice(-8)}</code></a>${under(moment(view, new Date(batch.created_at)))}</th>
<td>${batch.platform}${under(batch.dataset)}</td><td>${t(STATES[batch.state])}${notesOf(batch).map((word) => under(t(word)))}</td>${cells(view, batch.counts, batch.gap)}</tr>`,
  )}</tbody>
</table>${batches.length === 0 ? html`<p class="none">${t('noBatches')}</p>` : undefined}</div>`
}

/** What is said of a batch beside its state. */
function notesOf({ kind, aborted_at, snapshot }: Overview['batches'][number]): OverviewWord[] {
  const notes: OverviewWord[] = kind === 'withdrawal' ? ['kindWithdrawal'] : []
  if (aborted_at !== null) notes.push('aborted')
  if (snapshot !== null) notes.push(snapshot.state === 'held' ? 'snapshotHeld' : 'snapshot')
  return notes
}

function tile(title: string | Html, value: string, note: string | Html = '', tone = ''): Html {
  return html`<li class="sheet"><span>${title}</span><strong class="${tone}">${value}</strong><span class="quiet small">${note}</span></li>`
}

function under(text: string | Html): Html {
  return html`<br><span class="quiet small">${text}</span>`
}

function heads(view: View): Html[] {
  return [...COUNTED, 'gap' as const].map(
    (name) => html`<th scope="col" class="number">${sayOverview(view, name)}</th>`,
  )
}

function cells(view: View, counts: Counts, gap: number): Html[] {
  const numbers = COUNTED.map(
    (name) => html`<td class="number ${counts[name] === 0 ? 'quiet' : ''}">${count(view, counts[name])}</td>`,
  )
  return [...numbers, html`<td class="number ${gap === 0 ? 'for' : 'against'}">${count(view, gap)}</td>`]
}
