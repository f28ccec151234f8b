import type { SeenPerson } from '../../../link/persons/seen-person.ts'
import type { Review } from '../../../link/review/review.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, day, link, moment, type View } from '../../../web/page.ts'
import { familyTable } from '../reviews/family-table.ts'
import { historySheet } from '../reviews/history.ts'
import { plainWords } from '../reviews/plain.ts'
import { fieldText } from '../reviews/values.ts'
import { weightBar } from '../reviews/weight.ts'
import { sayReview } from '../reviews/words.ts'
import { type ShownPerson, sourceName } from './shown-person.ts'
import { unmergeForm } from './unmerge-form.ts'
import { type PersonWord, sayPerson } from './words.ts'

/** Pairs that are shown: of many sources, the weakest links tell most. */
const MOST_EDGES = 45

/** A person: its sources, what stands and why, what contradicts it, its family, and the form that takes records away. */
export function personBody(view: View, shown: ShownPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  const { person, known, reviews, history, canonical } = shown
  const { id, asked, redirects, version, sources } = person
  return html`<p class="lead">${t('personLead')}</p>
${asked === id ? undefined : html`<p class="note">${t('mergedInto')} <code>${id}</code></p>`}
<p><code>${id}</code> <span class="quiet">· ${t('version')} ${count(view, version)}</span></p>
${redirects.length === 0 ? undefined : html`<p class="quiet small">${t('redirects')}: ${redirects.map((other, at) => html`${at === 0 ? '' : ', '}<code class="wrap">${other}</code>`)}</p>`}
<h2>${t('sources')}</h2>
${sourceTable(view, person)}
<h2>${t('golden')}</h2>
${goldenTable(view, shown)}
<h2>${t('conflicts')}</h2>
${conflictTable(view, shown)}
<h2>${t('edges')}</h2>
${sources.length < 2 ? html`<p class="quiet">${t('oneSource')}</p>` : edgeTable(view, shown)}
<h2>${t('members')}</h2>
${known === undefined ? html`<p class="quiet">${t('noFamily')}</p>` : familyTable(view, known, { canonical, marked: new Map([[id, sayReview(view, 'thisOne')]]) })}
${reviews.length === 0 ? undefined : html`<h2>${t('reviews')}</h2>${reviewTable(view, reviews)}`}
${sources.length < 2 ? undefined : unmergeForm(view, shown)}
${historySheet(view, history)}`
}

function sourceTable(view: View, { sources }: SeenPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('source')}</th><th scope="col">${t('dataset')}</th><th scope="col">${t('ownKey')}</th><th scope="col">${t('asOf')}</th></tr></thead>
<tbody>${sources.map(
    ({ at, platform, dataset, source_key, as_of, former }) =>
      html`<tr><th scope="row">${at + 1} · ${platform}</th><td>${dataset}</td><td><code class="wrap">${source_key ?? '–'}</code></td><td>${as_of === null ? '–' : day(view, as_of)}${former === null ? undefined : html`<br><span class="quiet small">${t('former')} <code>${former}</code></span>`}</td></tr>`,
  )}</tbody></table></div>`
}

function goldenTable(view: View, { person, canonical }: ShownPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  const rows = Object.entries<string | number>(person.record ?? {}).map(([name, value]) => {
    const { label, shown } = fieldText(name, canonical, view.language)
    const origin = person.origin[name]
    return { name, label, text: shown(value) ?? '–', from: origin === undefined ? '–' : sourceName(person, origin) }
  })
  return html`<div class="sheet wide" tabindex="0"><table class="cards">
<thead><tr><th scope="col">${t('field')}</th><th scope="col">${t('value')}</th><th scope="col">${t('origin')}</th></tr></thead>
<tbody>${rows.map(({ label, text, from }) => html`<tr><th scope="row">${label}</th><td class="value">${text}</td><td class="quiet" data-label="${t('origin')}">${from}</td></tr>`)}</tbody></table></div>`
}

function conflictTable(view: View, { person, canonical }: ShownPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  if (person.conflicts.length === 0) return html`<p class="quiet">${t('noConflicts')}</p>`
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('field')}</th><th scope="col">${t('value')}</th><th scope="col">${t('source')}</th></tr></thead>
<tbody>${person.conflicts.flatMap(({ field, sources, stands, values }) => {
    const { label, shown } = fieldText(field, canonical, view.language)
    return sources.map(
      (source, at) =>
        html`<tr>${at === 0 ? html`<th scope="rowgroup" rowspan="${sources.length}">${label}</th>` : undefined}<td class="value">${shown(values?.[at]) ?? '–'}</td><td>${sourceName(person, source)}${source === stands ? html` <span class="for small">${t('stands')}</span>` : undefined}</td></tr>`,
    )
  })}</tbody></table></div>`
}

function edgeTable(view: View, { person, canonical }: ShownPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  const edges = person.edges.toSorted((a, b) => a.bits - b.bits)
  const decidedText = { same: t('decidedSame'), different: t('decidedDifferent') }
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('pairOf')}</th><th scope="col">${t('agreement')}</th><th scope="col" class="number">${t('bits')}</th></tr></thead>
<tbody>${edges
    .slice(0, MOST_EDGES)
    .map(
      ({ a, b, bits, decided, fields }) =>
        html`<tr><th scope="row">${a + 1}–${b + 1}</th><td>${plainWords(fields, canonical, view.language)}${decided === null ? undefined : html`<br><span class="quiet small">${decidedText[decided]}</span>`}</td><td>${weightBar(view, bits)}</td></tr>`,
    )}</tbody></table></div>
${edges.length <= MOST_EDGES ? undefined : html`<p class="quiet small">${count(view, edges.length - MOST_EDGES)} ${t('moreEdges')}</p>`}`
}

function reviewTable(view: View, reviews: readonly Review[]): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  const decisionOf = ({ decision }: Review) =>
    decision === null ? t('open') : t(decision === 'same' ? 'decidedSame' : 'decidedDifferent')
  return html`<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('reviews')}</th><th scope="col">${t('decision')}</th><th scope="col">${t('who')}</th></tr></thead>
<tbody>${reviews.map(
    (review) =>
      html`<tr><th scope="row"><a href="${link(view, `/console/reviews/${review.id}`)}"><code>${review.id}</code></a></th><td>${decisionOf(review)}</td><td>${review.decidedBy ?? '–'}${review.decidedAt === null ? undefined : html`<br>${moment(view, review.decidedAt)}`}</td></tr>`,
  )}</tbody></table></div>`
}
