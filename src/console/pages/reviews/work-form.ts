import type { Review } from '../../../link/review/review.ts'
import { OVERRIDES } from '../../../link/score/overrides.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { type ReviewWord, sayReview } from './words.ts'
import { AGES, type WorkQuery } from './work-query.ts'

/** The form that narrows the list down: by platform, place, rule and age. */
export function workForm(view: View, state: Review['state'], query: WorkQuery, platforms: readonly string[]): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const option = (value: string, text: string, asked: string | undefined) =>
    html`<option value="${value}"${value === asked ? html` selected` : undefined}>${text}</option>`
  const hidden = (name: string, value: string | undefined) =>
    value === undefined ? undefined : html`<input type="hidden" name="${name}" value="${value}">`
  return html`<form class="sheet ask" method="get" action="${link(view, '/console/reviews')}">
${hidden('lang', view.isChosen ? view.language : undefined)}${hidden('state', state)}${hidden('mine', query.mine)}
<label>${t('platform')} <select name="platform">${option('', t('allPlatforms'), query.platform)}${platforms.map((name) => option(name, name, query.platform))}</select></label>
<label>${t('regionCode')} <input name="region" inputmode="numeric" pattern="[0-9]{2,10}" maxlength="10" size="11" value="${query.region ?? ''}"></label>
<label>${t('override')} <select name="rule">${option('', t('anyRule'), query.rule)}${option('none', t('noRule'), query.rule)}${Object.entries(OVERRIDES).map(([name, text]) => option(name, text[view.language], query.rule))}</select></label>
<label>${t('askedSince')} <select name="days">${option('', t('anyAge'), query.days)}${AGES.map((days) => option(days, `≥ ${days} ${t('days')}`, query.days))}</select></label>
<button>${t('show')}</button></form>`
}
