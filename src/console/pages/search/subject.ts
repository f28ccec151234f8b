import type { Static } from 'typebox'
import type { Canonical } from '../../../language/canonical.ts'
import type { PersonView } from '../../../link/persons/link-shapes.ts'
import type { EntrySubject, SubjectSource } from '../../../reports/record/found.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, type View } from '../../../web/page.ts'
import { levelText } from '../reviews/levels.ts'
import { comparedName } from '../reviews/plain.ts'
import { signed } from '../reviews/weight.ts'
import { sayReview } from '../reviews/words.ts'
import { resultOf } from './record.ts'
import { type SearchWord, saySearch } from './words.ts'

/** A subject: its source records, how they agree, and what BPS says. No value of a person. */
export function subjectBody(
  view: View,
  {
    subject,
    sources,
    person,
    canonical,
  }: {
    subject: EntrySubject
    sources: readonly SubjectSource[]
    person: Static<typeof PersonView> | undefined
    canonical: Canonical
  },
): Html {
  const t = (word: SearchWord) => saySearch(view, word)
  return html`<p class="quiet small"><code>${subject.id}</code> · ${t(subject.level as SearchWord)} · ${t('version')} ${count(view, subject.version)}${subject.family === null ? undefined : html` · ${t('family')} <a href="${link(view, `/console/search/${subject.family}`)}"><code>${subject.family}</code></a>`}${isForSteward(view, subject) ? html` · <a href="${link(view, `/console/persons/${subject.id}`)}">${sayReview(view, 'personPage')}</a>` : undefined}</p>
<p>${t('result')}: ${resultOf(view, subject)}</p>
<h2>${t('sources')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('row')}</th><th scope="col">${t('platform')}</th><th scope="col">${t('dataset')}</th></tr></thead>
<tbody>${sources.map(
    ({ platform, dataset, batch, line, former }) =>
      html`<tr><th scope="row"><a href="${link(view, `/console/search/${batch}/${line}`)}"><code>…${batch.slice(-8)}</code> · ${t('line')} ${line}</a></th><td data-label="${t('platform')}">${platform}</td><td data-label="${t('dataset')}"><span>${dataset}${former === null ? undefined : html` <span class="quiet small">${t('former')} ${former}</span>`}</span></td></tr>`,
  )}</tbody></table></div>
${person === undefined ? undefined : whyBody(view, person, canonical)}`
}

/** The page of a person shows their data: only who may enter the reviews may open it. */
function isForSteward(view: View, { level }: EntrySubject): boolean {
  return level === 'individu' && view.sections.some(({ path }) => path === '/console/reviews')
}

function whyBody(
  view: View,
  { sources, edges, conflicts }: Static<typeof PersonView>,
  canonical: Canonical,
): Html | undefined {
  if (edges.length === 0) return undefined
  const t = (word: SearchWord) => saySearch(view, word)
  const name = (at: number) => `${sources[at]?.platform ?? ''} · ${sources[at]?.dataset ?? ''}`
  return html`<h2>${t('why')}</h2><p class="quiet small">${t('whyNote')}</p>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('pair')}</th><th scope="col" class="number">${t('bits')}</th><th scope="col">${t('fields')}</th></tr></thead>
<tbody>${edges.map(
    ({
      a,
      b,
      bits,
      fields,
    }) => html`<tr><th scope="row">${name(a)}<br>${name(b)}</th><td class="number" data-label="${t('bits')}">${signed(view, bits)}</td>
<td class="small">${fields.map(({ field, level, bits: weight }, at) => html`${at === 0 ? '' : ' · '}${comparedName(field, canonical, view.language)}: ${levelText(view.language, field, level)} (${signed(view, weight)})`)}</td></tr>`,
  )}</tbody></table></div>
${conflicts.length === 0 ? undefined : html`<p class="small"><strong>${t('conflicts')}:</strong> ${conflicts.map(({ field }, at) => html`${at === 0 ? '' : ', '}<code>${field}</code>`)}</p>`}`
}
