import { priorBits } from '../../../link/score/model.ts'
import type { ModelFile } from '../../../link/score/model-file.ts'
import type { SampleFigures } from '../../../link/train/sample-figures.ts'
import type { PersonSize } from '../../../reports/linkage/linkage.ts'
import type { CurvePoint } from '../../../reports/linkage/threshold-curve.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, type View } from '../../../web/page.ts'
import { signed } from '../reviews/weight.ts'
import { bitsChart, type Limit } from './bits-chart.ts'
import { driftTable } from './drift.ts'
import { labelsPart } from './labels-part.ts'
import { type ShownLinkage, share } from './shown-linkage.ts'
import { LINKAGE_MENU, type LinkageWord, sayLinkage } from './words.ts'

/** The model, its thresholds against what stewards decided, what stays unlinked, sizes of persons, and the drift. */
export function linkageBody(view: View, shown: ShownLinkage): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  const { version, records, model, thresholds } = shown.scoringModel
  const tile = (name: string, text: string, note: string) =>
    html`<li class="sheet"><span class="quiet">${name}</span><strong>${text}</strong><span class="quiet small">${note}</span></li>`
  return html`<p class="lead">${t('linkageLead')}</p>
<p><strong>${t('model')} ${version}</strong> <span class="quiet">· ${t('trainedOn')} ${count(view, records)} ${t('records')}</span></p>
<ul class="tiles">${tile(t('thresholdSame'), signed(view, thresholds.same), t('fromBits'))}${tile(t('thresholdUnsure'), signed(view, thresholds.unsure), unsureNote(view, shown))}${tile(t('thresholdApart'), signed(view, thresholds.apart), t('toBits'))}${tile(t('priorBits'), signed(view, priorBits(model)), '')}</ul>
<p class="more"><a href="${link(view, `${LINKAGE_MENU.path}.json`)}" download>${t('asJson')}</a></p>
${labelsPart(view, shown.labels)}
<h2>${t('reviewed')}</h2>${reviewedPart(view, shown)}
<h2>${t('linkedPairs')}</h2>${linkedPart(view, shown)}
<h2>${t('sample')}</h2>${samplePart(view, shown.sample)}
<h2>${t('sizes')}</h2><p class="lead">${t('sizesLead')}</p>${sizeTable(view, shown.sizes)}
<h2>${t('drift')}</h2><p class="lead">${t('driftLead')}</p>${driftTable(view, shown)}`
}

/** A registry that is larger than the model knows asks for more. */
function unsureNote(view: View, { trained, scoringModel, size }: ShownLinkage): string {
  const note = sayLinkage(view, 'fromBits')
  const more = scoringModel.thresholds.unsure - trained.thresholds.unsure
  return more === 0
    ? note
    : `${note}; ${signed(view, more)} ${sayLinkage(view, 'forAbout')} ${count(view, size)} ${sayLinkage(view, 'records')}`
}

function limitsOf(view: View, { thresholds }: ModelFile): Limit[] {
  return [
    { bits: thresholds.apart, text: sayLinkage(view, 'thresholdApart') },
    { bits: thresholds.unsure, text: sayLinkage(view, 'thresholdUnsure') },
    { bits: thresholds.same, text: sayLinkage(view, 'thresholdSame') },
  ]
}

function reviewedPart(view: View, { reviewed, curve, scoringModel }: ShownLinkage): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  if (reviewed.length === 0) return html`<p class="quiet">${t('noReviewed')}</p>`
  const bars = reviewed.map(({ bits, open, same, different }) => ({
    bits,
    parts: [
      { tone: 'for', count: same } as const,
      { tone: 'against', count: different } as const,
      { tone: 'quiet', count: open } as const,
    ],
  }))
  return html`<p class="lead">${t('reviewedLead')}</p>
<div class="sheet scrolls" tabindex="0">${bitsChart(bars, limitsOf(view, scoringModel), t('reviewedLead'))}</div>
${curveTable(view, curve)}`
}

/** What each threshold would have joined; nothing before the first decision. */
function curveTable(view: View, curve: readonly CurvePoint[]): Html | undefined {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  if (curve.every(({ decided }) => decided === 0)) return undefined
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col" class="number">${t('threshold')}</th><th scope="col" class="number">${t('decidedAbove')}</th><th scope="col" class="number">${t('sameAbove')}</th><th scope="col" class="number">${t('right')}</th><th scope="col" class="number">${t('ofAllSame')}</th></tr></thead>
<tbody>${curve.map(
    ({ bits, decided, same, ofAllSame }) =>
      html`<tr><th scope="row" class="number">${signed(view, bits)}</th><td class="number">${count(view, decided)}</td><td class="number">${count(view, same)}</td><td class="number">${decided === 0 ? '–' : share(view, same / decided)}</td><td class="number">${ofAllSame === null ? '–' : share(view, ofAllSame)}</td></tr>`,
  )}</tbody></table></div>`
}

function linkedPart(view: View, { sample, scoringModel }: ShownLinkage): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  if (sample.linked.size === 0) return html`<p class="quiet">${t('noLinked')}</p>`
  const bars = [...sample.linked].map(([bits, pairs]) => ({ bits, parts: [{ tone: 'for', count: pairs } as const] }))
  return html`<p class="lead">${t('linkedLead')}</p><div class="sheet scrolls" tabindex="0">${bitsChart(bars, limitsOf(view, scoringModel), t('linkedLead'))}</div>`
}

function samplePart(view: View, { records, alone, withoutKey, unlinkable }: SampleFigures): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  const row = (name: string, note: string, value: number) =>
    html`<tr><th scope="row"><span class="wrap">${name}</span>${note === '' ? undefined : html`<br><span class="quiet small wrap">${note}</span>`}</th><td class="number">${count(view, value)}</td><td class="number">${records === 0 ? '–' : share(view, value / records)}</td></tr>`
  return html`<div class="sheet wide" tabindex="0"><table><tbody>${row(t('sampled'), '', records)}${row(t('alone'), '', alone)}${row(t('withoutKey'), t('withoutKeyNote'), withoutKey)}${row(t('unlinkable'), t('unlinkableNote'), unlinkable)}</tbody></table></div>`
}

function sizeTable(view: View, sizes: readonly PersonSize[]): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col" class="number">${t('size')}</th><th scope="col" class="number">${t('persons')}</th><th scope="col" class="number">${t('records')}</th></tr></thead>
<tbody>${sizes.map(
    ({ size, records }) =>
      html`<tr><th scope="row" class="number">${count(view, size)}</th><td class="number">${count(view, Math.round(records / size))}</td><td class="number">${count(view, records)}</td></tr>`,
  )}</tbody></table></div>`
}
