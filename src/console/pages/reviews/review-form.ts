import type { Review } from '../../../link/review/review.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { REASONS, type ReviewWord, sayReview } from './words.ts'

const CHOICES = ['same', 'different', 'later'] as const

/** The form by which a steward decides; a steward who has said theirs is told who is asked now. */
export function decideForm(view: View, { id, opinionBy }: Review, fourEyes: boolean): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const isYours = fourEyes && opinionBy === view.who
  return html`${fourEyes && !isYours ? html`<p class="note">${t('fourEyes')}${opinionBy === null ? undefined : html` ${t('firstOpinion')} <strong>${opinionBy}</strong>.`}</p>` : undefined}
${isYours ? html`<p class="note">${t('yours')}</p>` : undefined}
<form class="decide sheet" method="post" action="${link(view, `/console/reviews/${id}`)}">
<fieldset><legend>${t('decide')}</legend>
<div class="choices">${CHOICES.map(
    (choice) =>
      html`<label><input type="radio" name="decision" value="${choice}" required><span>${t(choice)}<small>${t(`${choice}Note`)}</small></span></label>`,
  )}</div></fieldset>
<div class="field"><label for="alasan">${t('reason')}</label>
<input id="alasan" name="reason" list="alasan-lazim" required minlength="3" maxlength="500" autocomplete="off" aria-describedby="alasan-kata">
<datalist id="alasan-lazim">${REASONS.map((reason) => html`<option value="${reason[view.language]}">`)}</datalist>
<p class="quiet small" id="alasan-kata">${t('reasonNote')}</p></div>
<button>${t('save')}</button>
</form>`
}
