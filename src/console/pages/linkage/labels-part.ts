import type { Estimate } from '../../../link/train/labels/estimate.ts'
import type { LabelReport } from '../../../link/train/labels/label.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { share } from './shown-linkage.ts'
import { LABELS_PATH, type LinkageWord, sayLinkage } from './words.ts'

/** The labelled sample: what it says of precision and recall, how far it is, and the forms to draw and to go on. */
export function labelsPart(view: View, report: LabelReport | undefined): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  return html`<h2 id="labels">${t('labels')}</h2><p class="lead">${t('labelsLead')}</p>
${report === undefined ? html`<p class="quiet">${t('noRound')}</p>` : roundPart(view, report)}
<form method="post" action="${link(view, LABELS_PATH)}"><button${report === undefined ? undefined : html` class="light"`}>${t(report === undefined ? 'draw' : 'drawAnew')}</button></form>`
}

function roundPart(view: View, { round, strata, estimate }: LabelReport): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  const drawn = strata.reduce((sum, one) => sum + one.drawn, 0)
  const labelled = strata.reduce((sum, one) => sum + one.same + one.different + one.unsure, 0)
  return html`<ul class="tiles">${tile(view, 'precision', estimate.precision)}${tile(view, 'recall', estimate.recall)}
<li class="sheet"><span class="quiet">${t('labelled')}</span><strong>${count(view, labelled)} / ${count(view, drawn)}</strong><span class="quiet small">${moment(view, round.drawnAt)} · ${round.drawnBy} · ${t('model')} ${round.model}</span></li></ul>
${labelled === drawn ? undefined : html`<p><a href="${link(view, `${LABELS_PATH}/next`)}">${t('labelNext')} →</a></p>`}
<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('stratum')}</th><th scope="col" class="number">${t('candidates')}</th><th scope="col" class="number">${t('drawn')}</th><th scope="col" class="number">${t('sameAbove')}</th><th scope="col" class="number">${t('twoPersons')}</th><th scope="col" class="number">${t('notTold')}</th></tr></thead>
<tbody>${strata.map(
    (one) =>
      html`<tr><th scope="row">${t(one.stratum)}</th><td class="number">${count(view, one.pairs)}</td><td class="number">${count(view, one.drawn)}</td><td class="number">${count(view, one.same)}</td><td class="number">${count(view, one.different)}</td><td class="number">${count(view, one.unsure)}</td></tr>`,
  )}</tbody></table></div>`
}

function tile(view: View, word: 'precision' | 'recall', estimate: Estimate | null): Html {
  const note =
    estimate === null
      ? sayLinkage(view, 'notYetKnown')
      : `${share(view, estimate.low)} – ${share(view, estimate.high)} (${sayLinkage(view, 'interval')})`
  return html`<li class="sheet"><span class="quiet">${sayLinkage(view, word)}</span><strong>${estimate === null ? '–' : share(view, estimate.value)}</strong><span class="quiet small">${note}</span></li>`
}
