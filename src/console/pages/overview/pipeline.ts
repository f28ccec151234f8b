import type { PipelineFigures } from '../../../reports/operations/pipeline-figures.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { type OverviewWord, sayOverview } from './words.ts'

/** The pipeline as a row of boxes, from cleaning to BPS and back, with what is in each; and what blocks it. */
export function pipelineBody(
  view: View,
  { stages, perMinute, oldestSeconds, openDeliveries, openEntries, blocks }: PipelineFigures,
): Html {
  const t = (word: OverviewWord) => sayOverview(view, word)
  const isOps = view.sections.some(({ path }) => path === '/console/queues')
  const box = (word: OverviewWord, value: number, note: string, path: string, isActive: boolean) => {
    const title = isOps ? html`<a href="${link(view, path)}">${t(word)}</a>` : t(word)
    return html`<li class="sheet${value > 0 ? ' busy' : ''}"><span>${title}</span><strong>${count(view, value)}</strong><span class="quiet small">${note}${isActive ? html` · <span class="for">${t('atWork')}</span>` : undefined}</span></li>`
  }
  const chunks = (value: number) => `${t('chunksOf')}: ${count(view, value)}`
  return html`<ol class="flow">
${box('flowClean', stages.clean.entries, chunks(stages.clean.chunks), '/console/queues', stages.clean.leased > 0)}
${box('flowLink', stages.link.entries, chunks(stages.link.chunks), '/console/queues', stages.link.leased > 0)}
${box('flowForward', openEntries, `${t('deliveriesOf')}: ${count(view, openDeliveries)}`, '/console/deliveries', stages.forward.leased > 0)}
${box('flowResults', stages.results.entries, chunks(stages.results.chunks), '/console/queues', stages.results.leased > 0)}
</ol>
<p class="small">${t('perMinute')}: <strong>${count(view, Math.round(perMinute))}</strong> · ${t('oldestWaiting')}: <strong>${oldestSeconds === 0 ? '–' : age(view, oldestSeconds)}</strong></p>
${blocksOf(view, blocks)}`
}

function blocksOf(view: View, { breakerUntil, paused, noWorkerSeconds }: PipelineFigures['blocks']): Html[] {
  const t = (word: OverviewWord) => sayOverview(view, word)
  const notes: Html[] = []
  if (noWorkerSeconds !== null) notes.push(html`<p class="note bad">${t('noWorker')} ${age(view, noWorkerSeconds)}</p>`)
  if (breakerUntil !== null) notes.push(html`<p class="note bad">${t('breakerOpen')} ${moment(view, breakerUntil)}</p>`)
  if (paused.length > 0)
    notes.push(
      html`<p class="note">${t('pausedStages')}: ${paused.map(({ platform, stage }, at) => html`${at === 0 ? '' : ', '}${platform} (${t(`stage${stage}` as OverviewWord)})`)}</p>`,
    )
  return notes
}
