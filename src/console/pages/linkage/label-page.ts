import type { Canonical } from '../../../language/canonical.ts'
import type { ShownPair } from '../../../link/train/labels/label.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { comparedLines, differs, otherLines, type Pair } from '../reviews/values.ts'
import { sayReview } from '../reviews/words.ts'
import { LABELS_PATH, type LinkageWord, sayLinkage } from './words.ts'

/** The compared fields that tell people apart, the strongest first. */
const IDENTITY = ['name', 'nik', 'birth', 'sex', 'family', 'relation', 'place'] as const

const ANSWERS = [
  ['same', 'answerSame'],
  ['different', 'answerDifferent'],
  ['unsure', 'answerUnsure'],
] as const

/** Two records side by side and the form that labels them. What the model says is left out: it would lead the answer. */
export function labelBody(view: View, { round, place, label, records }: ShownPair, canonical: Canonical): Html {
  const t = (word: LinkageWord) => sayLinkage(view, word)
  const pair: Pair = [records[0]?.record, records[1]?.record]
  const lines = [
    ...IDENTITY.flatMap((field) => comparedLines(pair, field, canonical, view.language)),
    ...otherLines(pair, new Set(IDENTITY), canonical, view.language),
  ]
  const cell = (text: string | undefined) =>
    text === undefined
      ? html`<td class="value quiet">${sayReview(view, 'unknown')}</td>`
      : html`<td class="value">${text}</td>`
  return html`<p class="lead">${t('labelLead')}</p>
<div class="sheet wide" tabindex="0"><table class="even">
<thead><tr><th scope="col">${sayReview(view, 'field')}</th><th scope="col">${sayReview(view, 'recordA')}</th><th scope="col">${sayReview(view, 'recordB')}</th></tr></thead>
<tbody><tr><th scope="row">${sayReview(view, 'source')}</th>${records.map((record) => (record === null ? html`<td class="quiet">${sayReview(view, 'erased')}</td>` : html`<td>${record.platform}<br><span class="quiet small">${record.dataset}</span></td>`))}</tr>
${lines.map((line) => html`<tr${differs(line) ? html` class="differs"` : undefined}><th scope="row">${line.label}</th>${line.values.map(cell)}</tr>`)}</tbody></table></div>
<form class="decide sheet" method="post" action="${link(view, `${LABELS_PATH}/${round}/${place}`)}">
<fieldset><legend>${t('labelQuestion')}</legend><div class="choices">${ANSWERS.map(
    ([answer, word], at) =>
      html`<label><input type="radio" name="label" value="${answer}" accesskey="${at + 1}" required${answer === label ? html` checked` : undefined}><span>${t(word)}</span></label>`,
  )}</div></fieldset>
<div class="field"><label for="label-reason">${t('labelReason')}</label><input id="label-reason" name="reason" maxlength="500" autocomplete="off"></div>
<button accesskey="4">${t('labelSave')}</button> <a href="${link(view, '/console/linkage')}#labels">${t('labelStop')}</a></form>`
}
