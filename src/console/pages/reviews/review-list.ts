import type { Review } from '../../../link/review/review.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, moment, type View } from '../../../web/page.ts'
import { signed } from './weight.ts'
import { type ReviewWord, sayReview } from './words.ts'

const PATH = '/console/reviews'

/** The list of possible matches: nothing in it is about a person. */
export function reviewListBody(
  view: View,
  state: Review['state'],
  { reviews, next }: { reviews: readonly Review[]; next: string | null },
): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const tab = (name: Review['state']) =>
    html`<li><a href="${link(view, PATH, { state: name })}"${name === state ? html` aria-current="page"` : undefined}>${t(name)}</a></li>`
  return html`<p class="lead">${t('reviewsLead')}</p>
<ul class="tabs">${tab('open')}${tab('decided')}</ul>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('review')}</th><th scope="col">${t('askedAt')}</th><th scope="col" class="number">${t('score')}</th>
<th scope="col">${t('decision')}</th></tr></thead>
<tbody>${reviews.map(
    (
      review,
    ) => html`<tr><th scope="row"><a href="${link(view, `${PATH}/${review.id}`)}"><code>${review.id}</code></a></th>
<td>${moment(view, review.openedAt)}</td><td class="number">${signed(view, review.weight)}</td><td>${stateText(view, review)}</td></tr>`,
  )}</tbody>
</table>${reviews.length === 0 ? html`<p class="none">${t('noReviews')}</p>` : undefined}</div>
${next === null ? undefined : html`<p class="more"><a href="${link(view, PATH, { state, after: next })}">${t('more')} →</a></p>`}`
}

function stateText(view: View, { decision, decidedBy, opinionBy, laterAt }: Review): Html {
  if (decision !== null) return html`${sayReview(view, decision)} <span class="quiet small">${decidedBy ?? ''}</span>`
  if (opinionBy !== null) return html`<span class="warn">${sayReview(view, 'seconded')}</span>`
  return laterAt === null
    ? html`<span class="quiet">–</span>`
    : html`<span class="quiet">${sayReview(view, 'later')}</span>`
}
