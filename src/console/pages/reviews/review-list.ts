import type { Canonical } from '../../../language/canonical.ts'
import type { Review } from '../../../link/review/review.ts'
import type { ListedReview } from '../../../link/review/work-filter.ts'
import { OVERRIDES } from '../../../link/score/overrides.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, moment, type View } from '../../../web/page.ts'
import { plainWords } from './plain.ts'
import { signed } from './weight.ts'
import { type ReviewWord, sayReview } from './words.ts'
import { workForm } from './work-form.ts'
import type { WorkQuery } from './work-query.ts'

const PATH = '/console/reviews'

/** What the list shows: what was asked, what fits, and where the next page begins. */
export type ShownWork = {
  state: Review['state']
  query: WorkQuery
  reviews: readonly ListedReview[]
  next: string | null
  platforms: readonly string[]
  canonical: Canonical
}

/** The list of possible matches: nothing in it is about a person. */
export function reviewListBody(view: View, shown: ShownWork): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const { state, query, reviews, next, platforms } = shown
  const { mine, ...rest } = query
  const tab = (word: ReviewWord, to: { state: Review['state']; mine?: string }) =>
    html`<li><a href="${link(view, PATH, { ...rest, ...to })}"${to.state === state && to.mine === mine ? html` aria-current="page"` : undefined}>${t(word)}</a></li>`
  return html`<p class="lead">${t('reviewsLead')}</p>
<ul class="tabs">${tab('open', { state: 'open' })}${tab('decided', { state: 'decided' })}${tab('mineTab', { state: 'decided', mine: 'yes' })}</ul>
${workForm(view, state, query, platforms)}
<div class="sheet wide" tabindex="0"><table class="cards">
<thead><tr><th scope="col">${t('howAlike')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('askedAt')}</th><th scope="col" class="number">${t('score')}</th>
<th scope="col">${t('decision')}</th></tr></thead>
<tbody>${reviews.map((one) => row(view, one, shown))}</tbody>
</table>${reviews.length === 0 ? html`<p class="none">${t(next === null ? 'noReviews' : 'noneHere')}</p>` : undefined}</div>
${next === null ? undefined : html`<p class="more"><a href="${link(view, PATH, { ...query, state, after: next })}">${t('more')} →</a></p>`}`
}

function row(view: View, { review, fields, override, platforms }: ListedReview, { query, canonical }: ShownWork): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const words = fields.length === 0 ? t('erased') : plainWords(fields, canonical, view.language)
  return html`<tr><th scope="row"><span class="wrap">${words}</span>${override === null ? undefined : html`<br><span class="small warn">${OVERRIDES[override][view.language]}</span>`}<br><a class="small" href="${link(view, `${PATH}/${review.id}`, query)}"><code>${review.id}</code></a></th>
<td data-label="${t('platform')}">${[...new Set(platforms)].sort().join(', ')}</td><td data-label="${t('askedAt')}">${moment(view, review.openedAt)}</td><td class="number" data-label="${t('score')}">${signed(view, review.weight)}</td><td data-label="${t('decision')}">${stateText(view, review)}</td></tr>`
}

function stateText(view: View, { decision, decidedBy, opinionBy, laterAt }: Review): Html {
  if (decision !== null) return html`${sayReview(view, decision)} <span class="quiet small">${decidedBy ?? ''}</span>`
  if (opinionBy !== null) return html`<span class="warn">${sayReview(view, 'seconded')}</span>`
  return laterAt === null
    ? html`<span class="quiet">–</span>`
    : html`<span class="quiet">${sayReview(view, 'later')}</span>`
}
