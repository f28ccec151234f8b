import type { Outcome } from '../../../domain/states.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { batchTable, countCells, countHeads, type ListedBatch } from '../batches/batch-table.ts'
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

/** What the first page shows. */
export type Overview = {
  openReviews: number
  gap: number
  /** Entries in deliveries that are not acknowledged, and since when. */
  open: number
  openSince: string | null
  platforms: readonly (Sums & { platform: string })[]
  batches: readonly ListedBatch[]
  /** The pipeline as it is now. */
  live: Html
  /** What somebody is called for. */
  alerts: Html | undefined
  /** The platforms that have an agreement. */
  known: Html
}

/** The first page: whether anything is lost, what waits for a person, and the latest batches. */
export function homeBody(
  view: View,
  { openReviews, gap, open, openSince, platforms, batches, live, alerts, known }: Overview,
): Html {
  const t = (word: OverviewWord) => sayOverview(view, word)
  const isSteward = view.sections.some(({ path }) => path === '/console/reviews')
  const pending = platforms.reduce((sum, platform) => sum + platform.pending, 0)
  const held = platforms.reduce((sum, platform) => sum + platform.chunks.held - platform.corrected.held, 0)
  const corrected = platforms.reduce((sum, platform) => sum + platform.corrected.held, 0)
  return html`<p class="lead">${t('homeLead')}</p>
${live}
${alerts}<ul class="tiles">
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
${tile(html`<a href="${link(view, '/console/held')}">${t('heldBack')}</a>`, count(view, held), html`${t('entries')}${corrected === 0 ? undefined : html` · ${count(view, corrected)} ${t('correctedSince')}`}`)}
</ul>
${known}
<h2>${t('byPlatform')}</h2>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('platform')}</th>${countHeads(view)}</tr></thead>
<tbody>${platforms.map(
    (sums) =>
      html`<tr><th scope="row">${sums.platform}</th>${countCells(
        view,
        { received: sums.received, ...sums.chunks, pending: sums.pending },
        Math.abs(sums.gap) + Math.abs(sums.ledger_gap) + Math.abs(sums.delivery_gap),
      )}</tr>`,
  )}</tbody>
</table>${platforms.length === 0 ? html`<p class="none">${t('noBatches')}</p>` : undefined}</div>
<h2>${t('latestBatches')}</h2>
${batchTable(view, batches)}
<p class="more"><a href="${link(view, '/console/batches')}">${t('allBatches')} →</a></p>`
}

function tile(title: string | Html, value: string, note: string | Html = '', tone = ''): Html {
  return html`<li class="sheet"><span>${title}</span><strong class="${tone}">${value}</strong><span class="quiet small">${note}</span></li>`
}
