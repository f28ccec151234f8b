import type { Review } from '../../../link/review/review.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { REASONS, type ReviewWord, sayReview } from './words.ts'
import type { WorkQuery } from './work-query.ts'

const CHOICES = ['same', 'different', 'later'] as const

/** The form by which a steward decides; a steward who has said theirs is told who is asked now. */
export function decideForm(view: View, { id, opinionBy }: Review, fourEyes: boolean, query: WorkQuery): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const isYours = fourEyes && opinionBy === view.by
  return html`${fourEyes && !isYours ? html`<p class="note">${t('fourEyes')}${opinionBy === null ? undefined : html` ${t('firstOpinion')} <strong>${opinionBy}</strong>.`}</p>` : undefined}
${isYours ? html`<p class="note">${t('yours')}</p>` : undefined}
<form class="decide sheet" method="post" action="${link(view, `/console/reviews/${id}`, query)}">
<fieldset><legend>${t('decide')}</legend>
<div class="choices">${CHOICES.map(
    (choice, at) =>
      html`<label><input type="radio" name="decision" value="${choice}" accesskey="${at + 1}" required><span>${t(choice)}<small>${t(`${choice}Note`)}</small></span></label>`,
  )}</div></fieldset>
${reasonField(view)}
<button name="go" value="next" accesskey="4">${t('saveNext')}</button> <button class="light" name="go" value="list">${t('save')}</button>
<p class="quiet small">${t('keys')}</p>
</form>`
}

/** The form by which a steward turns their own decision round; it says what that does. */
export function reverseForm(view: View, { id, decision }: Review): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  return html`<details class="sheet"><summary>${t('reverse')}</summary>
<form class="decide" method="post" action="${link(view, `/console/reviews/${id}/reverse`)}">
<p>${t(decision === 'same' ? 'reverseSame' : 'reverseDifferent')}</p>${reasonField(view)}
<button>${t('doReverse')}</button></form></details>`
}

function reasonField(view: View): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  return html`<div class="field"><label for="alasan">${t('reason')}</label>
<input id="alasan" name="reason" list="alasan-lazim" required minlength="3" maxlength="500" autocomplete="off" aria-describedby="alasan-kata">
<datalist id="alasan-lazim">${REASONS.map((reason) => html`<option value="${reason[view.language]}">`)}</datalist>
<p class="quiet small" id="alasan-kata">${t('reasonNote')}</p></div>`
}
