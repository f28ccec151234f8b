import type { FieldDrift } from '../../../link/train/sample-figures.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, type View } from '../../../web/page.ts'
import { levelText } from '../reviews/levels.ts'
import { comparedName } from '../reviews/plain.ts'
import { weightBar } from '../reviews/weight.ts'
import { type ShownLinkage, share } from './shown-linkage.ts'
import { type LinkageWord, sayLinkage } from './words.ts'

// The usual bounds of the population stability index.
const [SHIFTING, SHIFTED] = [0.1, 0.25]
// Under so many pairs the index is chance.
const FEWEST_PAIRS = 50

/** The levels of each field of the model: as trained, as seen, and what the level weighs. */
export function driftTable(view: View, { sample, scoringModel, canonical }: ShownLinkage): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  const { language } = view
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('agreement')}</th><th scope="col" class="number">${t('ofSame')}</th><th scope="col" class="number">${t('ofRandom')}</th><th scope="col" class="number">${t('seen')}</th><th scope="col" class="number">${t('weight')}</th></tr></thead>
${sample.drift.map((drift) => {
  const { m = [], u = [] } = scoringModel.model.fields[drift.field] ?? {}
  const { field, pairs, levels } = drift
  return html`<tbody><tr><th scope="rowgroup" colspan="5"><strong>${comparedName(field, canonical, language)}</strong> <span class="quiet small">· ${driftText(view, drift)}</span></th></tr>${levels.map(
    ({ level, seen }, at) => {
      const [one = 1, two = 1] = [m[at], u[at]]
      return html`<tr><th scope="row">${levelText(language, field, level)}</th><td class="number">${share(view, one)}</td><td class="number">${share(view, two)}</td><td class="number">${pairs === 0 ? '–' : share(view, seen)}</td><td>${weightBar(view, Math.log2(one / two))}</td></tr>`
    },
  )}</tbody>`
})}</table></div>`
}

function driftText(view: View, { pairs, index }: FieldDrift): string {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  if (pairs === 0) return t('noPairs')
  const told = `${count(view, pairs)} ${t('pairs')}`
  if (pairs < FEWEST_PAIRS) return `${told}, ${t('fewPairs')}`
  const word = index < SHIFTING ? 'stable' : index < SHIFTED ? 'shifting' : 'shifted'
  return `${told}, ${t('index')} ${new Intl.NumberFormat(view.language, { maximumFractionDigits: 2 }).format(index)}: ${t(word)}`
}
