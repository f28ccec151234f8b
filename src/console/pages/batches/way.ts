import type { Static } from 'typebox'
import { CHUNK_STATES } from '../../../domain/states.ts'
import type { Batch } from '../../../engine/batch-shapes.ts'
import type { BatchDelivery, BatchWay } from '../../../reports/batch/way.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { answerText } from '../deliveries/answer-text.ts'
import { type BatchWord, sayBatch } from './words.ts'

type Step = { word: BatchWord; at: Date | null; of?: string | undefined }

/** How a batch came this far: each step with its moment and how long it took since the one before. */
export function wayBody(view: View, batch: Static<typeof Batch>, way: BatchWay): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  const rows: Html[] = []
  let before: Date | null = null
  for (const { word, at, of } of stepsOf(view, batch, way)) {
    const seconds = at === null || before === null ? undefined : (at.getTime() - before.getTime()) / 1000
    rows.push(html`<tr><th scope="row">${t(word)}</th><td data-label="${t('at')}">${at === null ? html`<span class="quiet">${t('notYet')}</span>` : moment(view, at)}</td>
<td class="number" data-label="${t('took')}">${seconds === undefined || seconds < 0 ? '–' : seconds < 1 ? '< 1 s' : age(view, seconds)}</td><td class="quiet small">${of ?? ''}</td></tr>`)
    before = at ?? before
  }
  const open = CHUNK_STATES.filter((state) => (way.chunks[state] ?? 0) > 0)
  return html`<h2 id="way">${t('way')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('step')}</th><th scope="col">${t('at')}</th><th scope="col" class="number">${t('took')}</th><th scope="col">${t('entries')}</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="small quiet">${t('chunksLeft')}: ${open.map((state, at) => html`${at === 0 ? '' : ' · '}${t(`chunk${state}`)} ${count(view, way.chunks[state] ?? 0)}`)}</p>`
}

function stepsOf(view: View, batch: Static<typeof Batch>, way: BatchWay): Step[] {
  const { composed, sent, acknowledged, results, receipt } = way
  const share = (span: { count: number }) =>
    composed.count === 0 ? undefined : `${count(view, span.count)} / ${count(view, composed.count)}`
  const date = (text: string | null) => (text === null ? null : new Date(text))
  const whole = (span: { count: number; last: Date | null }) => (span.count < composed.count ? null : span.last)
  const steps: Step[] = [
    { word: 'stepBegan', at: new Date(batch.created_at) },
    { word: 'stepReceived', at: date(batch.received_at), of: count(view, batch.counts.received) },
  ]
  if (batch.aborted_at !== null) steps.push({ word: 'stepAborted', at: date(batch.aborted_at) })
  if (composed.count > 0)
    steps.push(
      { word: 'stepComposed', at: composed.last, of: count(view, composed.count) },
      ...(sent.count > 0 ? [{ word: 'stepSent', at: whole(sent), of: share(sent) } as const] : []),
      { word: 'stepAcknowledged', at: whole(acknowledged), of: share(acknowledged) },
    )
  steps.push({ word: 'stepSettled', at: date(batch.settled_at) })
  if (receipt !== null)
    steps.push({
      word: 'stepReceipt',
      at: receipt.signedAt,
      of: `${sayBatch(view, 'edition')} ${receipt.edition} · ${count(view, receipt.size)}`,
    })
  if (results.count > 0) steps.push({ word: 'stepResults', at: results.lastAt, of: count(view, results.count) })
  return steps
}

/** The deliveries of a batch, each a link to its page for whoever may enter it. */
export function deliveriesBody(view: View, deliveries: readonly BatchDelivery[], mayEnter: boolean): Html {
  const t = (word: BatchWord) => sayBatch(view, word)
  const name = (id: string) =>
    mayEnter
      ? html`<a href="${link(view, `/console/deliveries/${id}`)}"><code>${id}</code></a>`
      : html`<code>${id}</code>`
  return html`<h2 id="deliveries">${t('deliveries')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('delivery')}</th><th scope="col">${t('state')}</th><th scope="col" class="number">${t('records')}</th><th scope="col" class="number">${t('attempts')}</th><th scope="col">${t('lastReason')}</th></tr></thead>
<tbody>${deliveries.map(
    ({
      id,
      status,
      records,
      attempts,
      last_answer,
      composed_at,
      refused,
    }) => html`<tr><th scope="row">${name(id)}<br><span class="quiet small">${moment(view, composed_at)}</span></th>
<td data-label="${t('state')}"><span class="${status === 'acknowledged' ? 'for' : status === 'refused' ? 'against' : ''}">${t(`status${status}` as BatchWord)}</span></td><td class="number" data-label="${t('records')}">${count(view, records)}</td><td class="number" data-label="${t('attempts')}">${count(view, attempts)}</td>
<td data-label="${t('lastReason')}">${refused > 0 ? html`<span class="warn">${count(view, refused)} ${t('refusedRecords')}</span>` : answerText(view, last_answer)}</td></tr>`,
  )}</tbody></table>${deliveries.length === 0 ? html`<p class="none">${t('noDeliveries')}</p>` : undefined}</div>`
}
