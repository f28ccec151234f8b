import { CHUNK_STATE_TABLE, LANES, STAGE, STAGES, type StageName } from '../../../domain/states.ts'
import type { OrderedPause } from '../../../engine/pause/ordered.ts'
import { stagesBefore, stoppedBy } from '../../../engine/pause/pause.ts'
import type { DutyFigures } from '../../../io/observe/figures.ts'
import type { LeaseView, QueueFigures } from '../../../reports/operations/queue-figures.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { QUEUES_MENU, type QueueWord, sayQueue } from './words.ts'

/** What the page shows. */
export type ShownQueues = {
  platforms: readonly string[]
  figures: readonly QueueFigures[]
  pauses: readonly OrderedPause[]
  leases: readonly LeaseView[]
  rates: ReadonlyMap<string, number>
  canaries: DutyFigures['canaries']
}

type Row = { platform: string; stage: StageName; figures: QueueFigures | undefined }

/** The queues of every platform and stage, what operators ordered, and the forms to order it. */
export function queuesBody(view: View, shown: ShownQueues): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  const rows = rowsOf(shown)
  const number = (word: QueueWord) => html`<th scope="col" class="number">${t(word)}</th>`
  return html`<p class="lead">${t('lead')}</p>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('platform')}</th><th scope="col">${t('stage')}</th>${number('chunks')}${number('entries')}${number('dispatched')}${number('leased')}${number('postponed')}${number('stuck')}${number('oldest')}<th scope="col">${t('order')}</th></tr></thead>
<tbody>${rows.map((row) => rowOf(view, row, shown.pauses))}</tbody>
</table>${rows.length === 0 ? html`<p class="none">${t('nothing')}</p>` : undefined}</div>
${orderForm(view, shown.platforms)}
<h2>${t('leasesTitle')}</h2>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('chunk')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('stage')}</th>${number('entries')}${number('attempts')}<th scope="col">${t('since')}</th><th scope="col">${t('until')}</th></tr></thead>
<tbody>${shown.leases.map((lease) => leaseRow(view, lease))}</tbody>
</table>${shown.leases.length === 0 ? html`<p class="none">${t('noLeases')}</p>` : undefined}</div>
${ratesOf(view, shown.rates)}
${canariesOf(view, shown.canaries)}
<p class="more"><a href="${view.basePath}/console/queues/jobs">${t('board')} →</a></p>`
}

/** One row for each platform and stage that has work or an order. */
function rowsOf({ figures, pauses }: ShownQueues): Row[] {
  const rows = new Map<string, Row>()
  for (const one of figures) {
    const { stage } = CHUNK_STATE_TABLE[one.state]
    if (stage !== null) rows.set(`${one.platform} ${stage}`, { platform: one.platform, stage, figures: one })
  }
  for (const { platform, stage } of pauses)
    if (!rows.has(`${platform} ${stage}`)) rows.set(`${platform} ${stage}`, { platform, stage, figures: undefined })
  const rank = (row: Row) => `${row.platform} ${STAGES.indexOf(row.stage)}`
  return [...rows.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function rowOf(view: View, { platform, stage, figures }: Row, pauses: readonly OrderedPause[]): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  const number = (word: QueueWord, value = 0, tone = '') =>
    html`<td class="number ${value === 0 ? 'quiet' : tone}" data-label="${t(word)}">${count(view, value)}</td>`
  return html`<tr><th scope="row">${platform}</th><td data-label="${t('stage')}">${t(stage)}</td>
${number('chunks', figures?.chunks)}${number('entries', figures?.entries)}${number('dispatched', figures?.dispatched)}${number('leased', figures?.leased)}${number('postponed', figures?.postponed)}${number('stuck', figures?.stuck, 'warn')}
<td class="number" data-label="${t('oldest')}">${figures === undefined ? '–' : age(view, figures.oldestSeconds)}</td>
<td data-label="${t('order')}">${orderOf(view, { platform, stage }, pauses)}</td></tr>`
}

function orderOf(view: View, of: { platform: string; stage: StageName }, pauses: readonly OrderedPause[]): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  const own = pauses.find(({ platform, stage }) => platform === of.platform && stage === of.stage)
  const isHeld = stoppedBy(pauses.filter(({ wish }) => wish === 'drain')).some(
    ({ platform, state }) => platform === of.platform && state === STAGE[of.stage].from,
  )
  const state =
    own === undefined
      ? isHeld
        ? html`<span class="warn">${t('heldByDrain')}</span>`
        : html`<span class="quiet">${t('running')}</span>`
      : html`<span class="warn">${t(own.wish === 'pause' ? 'paused' : 'draining')}</span> <span class="quiet small">${t('by')} ${own.by}, ${moment(view, own.at)}</span>`
  const buttons: Html[] =
    own === undefined ? wishesFor(of.stage).map((wish) => button(view, of, wish)) : [button(view, of, 'resume')]
  return html`${state}<span class="acts">${buttons}</span>`
}

function wishesFor(stage: StageName): ('pause' | 'drain')[] {
  return stagesBefore(stage).length === 0 ? ['pause'] : ['pause', 'drain']
}

function button(
  view: View,
  { platform, stage }: { platform: string; stage: StageName },
  wish: 'pause' | 'drain' | 'resume',
): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  return html`<form method="post" action="${link(view, QUEUES_MENU.path)}"><input type="hidden" name="platform" value="${platform}"><input type="hidden" name="stage" value="${stage}"><button class="light" name="wish" value="${wish}" aria-label="${t(wish)}: ${platform}, ${t(stage)}">${t(wish)}</button></form>`
}

function orderForm(view: View, platforms: readonly string[]): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  return html`<h2>${t('orderTitle')}</h2>
<form class="sheet ask" method="post" action="${link(view, QUEUES_MENU.path)}">
<label>${t('platform')} <select name="platform">${platforms.map((name) => html`<option>${name}</option>`)}</select></label>
<label>${t('stage')} <select name="stage">${STAGES.map((stage) => html`<option value="${stage}">${t(stage)}</option>`)}</select></label>
<button name="wish" value="pause">${t('pause')}</button><button class="light" name="wish" value="drain">${t('drain')}</button>
<p class="quiet small">${t('orderNote')}</p></form>`
}

function leaseRow(view: View, { chunk, batch, platform, state, entries, attempts, since, until }: LeaseView): Html {
  const t = (word: QueueWord) => sayQueue(view, word)
  const { stage } = CHUNK_STATE_TABLE[state]
  return html`<tr><th scope="row"><a href="${link(view, `/console/batches/${batch}`)}"><code>${chunk}</code></a></th><td data-label="${t('platform')}">${platform}</td>
<td data-label="${t('stage')}">${stage === null ? '–' : t(stage)}</td><td class="number" data-label="${t('entries')}">${count(view, entries)}</td><td class="number" data-label="${t('attempts')}">${count(view, attempts)}</td>
<td data-label="${t('since')}">${moment(view, since)}</td><td data-label="${t('until')}">${moment(view, until)}</td></tr>`
}

function ratesOf(view: View, rates: ReadonlyMap<string, number>): Html | undefined {
  if (rates.size === 0) return undefined
  return html`<h2>${sayQueue(view, 'ratesTitle')}</h2><p class="quiet small">${sayQueue(view, 'ratesNote')}</p>
<ul class="tiles">${[...rates].map(([platform, rate]) => html`<li class="sheet"><span>${platform}</span><strong>${count(view, Math.round(rate))}</strong></li>`)}</ul>`
}

/** From when on the alert `canary-old` holds. */
const SILENT_SECONDS = 180

function canariesOf(view: View, canaries: ShownQueues['canaries']): Html | undefined {
  if (canaries.length === 0) return undefined
  const t = (word: QueueWord) => sayQueue(view, word)
  const ofStage = ([stage, lanes]: [string, ShownQueues['canaries']]) =>
    html`<tr><th scope="row">${t(stage as StageName)}</th>${LANES.map((lane) => {
      const seconds = lanes.find((one) => one.lane === lane)?.seconds ?? Number.POSITIVE_INFINITY
      const ago = Number.isFinite(seconds) ? age(view, seconds) : '–'
      return html`<td class="number${seconds > SILENT_SECONDS ? ' warn' : ''}" data-label="${t(lane)}">${ago}</td>`
    })}</tr>`
  return html`<h2>${t('canariesTitle')}</h2><p class="quiet small">${t('canariesNote')}</p>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('stage')}</th>${LANES.map((lane) => html`<th scope="col" class="number">${t(lane)}</th>`)}</tr></thead>
<tbody>${[...Map.groupBy(canaries, ({ stage }) => stage)].map(ofStage)}</tbody>
</table></div>`
}
