import type { Canonical } from '../../../language/canonical.ts'
import type { KnownFamily } from '../../../link/review/known-family.ts'
import type { ShownReview } from '../../../link/review/shown-review.ts'
import { OVERRIDES } from '../../../link/score/overrides.ts'
import type { AuditRow } from '../../../trust/audit/audit.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, moment, type View } from '../../../web/page.ts'
import { familyTable } from './family-table.ts'
import { historySheet } from './history.ts'
import { levelText } from './levels.ts'
import { plainWords } from './plain.ts'
import { decideForm, reverseForm } from './review-form.ts'
import { comparedLines, differs, type Line, otherLines, type Pair } from './values.ts'
import { weightBar } from './weight.ts'
import { type ReviewWord, sayReview } from './words.ts'
import type { WorkQuery } from './work-query.ts'

/** What the page of one possible match shows. */
export type ReviewView = ShownReview & {
  canonical: Canonical
  /** Bits for one person before anything is compared, by the present model. */
  prior: number
  fourEyes: boolean
  history: readonly AuditRow[]
  /** The families of the two, as far as they are known. */
  families: readonly KnownFamily[]
  /** The filter of the list that this one was opened from. */
  query: WorkQuery
}

/** Two records side by side, how each field agrees and what that weighs, and the form to decide. */
export function reviewBody(view: View, shown: ReviewView): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const { review, records, fields, score, override, prior, canonical, families } = shown
  const marked = markedOf(view, records)
  const pair: Pair = [records[0]?.record, records[1]?.record]
  const compared = new Set(fields.map(({ field }) => field))
  const others = otherLines(pair, compared, canonical, view.language)
  // Platform and dataset stand in the first row already.
  const origin = fields.find(({ field }) => field === 'source')
  return html`<p class="lead">${t('reviewLead')} <code class="small">${review.id}</code></p>
${fields.length === 0 ? undefined : html`<p><strong>${plainWords(fields, canonical, view.language)}</strong>${override === null ? undefined : html`<br><span class="warn">${OVERRIDES[override][view.language]}</span>`}</p>`}
<div class="sheet wide" role="region" aria-label="${t('compared')}" tabindex="0"><table>
<caption>${t('compared')}</caption>
<thead><tr><th scope="col">${t('field')}</th><th scope="col">${t('recordA')}</th><th scope="col">${t('recordB')}</th>
<th scope="col">${t('agreement')}</th><th scope="col" class="number">${t('weight')}</th></tr></thead>
<tbody>
<tr><th scope="row">${t('source')}</th>${records.map((record) =>
    record === null
      ? html`<td class="quiet">${t('erased')}</td>`
      : html`<td>${record.platform}<br><span class="quiet small">${record.dataset}</span><br><a class="small" href="${link(view, `/console/persons/${record.person}`)}">${t('personPage')}</a></td>`,
  )}${origin === undefined ? html`<td></td><td></td>` : html`<td>${levelText(view.language, 'source', origin.level)}</td><td>${weightBar(view, origin.weight)}</td>`}</tr>
${fields.filter((field) => field !== origin).flatMap(({ field, level, weight }) => comparedRows(view, comparedLines(pair, field, canonical, view.language), levelText(view.language, field, level), weight))}
</tbody>
${score === null ? undefined : sums(view, prior, score, override)}
</table></div>
${
  others.length === 0
    ? undefined
    : html`<details class="sheet"><summary>${t('others')} (${others.length}; ${t('ofThem')} ${others.filter(differs).length})</summary><div class="wide"><table class="even">
<thead><tr><th scope="col">${t('field')}</th><th scope="col">${t('recordA')}</th><th scope="col">${t('recordB')}</th></tr></thead>
<tbody>${others.map((line) => html`<tr${differs(line) ? html` class="differs"` : undefined}><th scope="row">${line.label}</th>${valueCells(view, line)}</tr>`)}</tbody>
</table></div></details>`
}
${families.length === 0 ? undefined : html`<h2>${t('families')}</h2>${families.map((family) => html`<h3>${familyTitle(view, family, records)}</h3>${familyTable(view, family, { canonical, marked })}`)}`}
${review.state === 'open' ? decideForm(view, review, shown.fourEyes, shown.query) : verdict(view, shown)}
${historySheet(view, shown.history)}`
}

/** Which of the two records each person brought. */
function markedOf(view: View, records: ReviewView['records']): Map<string, string> {
  const names = [sayReview(view, 'recordA'), sayReview(view, 'recordB')]
  const marked = new Map<string, string>()
  for (const [at, record] of records.entries()) {
    if (record === null) continue
    const before = marked.get(record.person)
    marked.set(record.person, before === undefined ? (names[at] ?? '') : `${before}, ${names[at] ?? ''}`)
  }
  return marked
}

/** Whose family it is: that of the one record, of the other, or of both. */
function familyTitle(view: View, { members }: KnownFamily, records: ReviewView['records']): string {
  const ids = new Set<string>(members.map(({ person }) => person))
  const [isOfA, isOfB] = records.map((record) => record !== null && ids.has(record.person))
  if (isOfA && isOfB) return sayReview(view, 'familyOfBoth')
  return sayReview(view, isOfA ? 'familyOfA' : 'familyOfB')
}

function comparedRows(view: View, lines: readonly Line[], level: string, weight: number): Html[] {
  return lines.map((line, at) => {
    const agreement =
      at > 0
        ? undefined
        : html`<td rowspan="${lines.length}">${level}</td><td rowspan="${lines.length}">${weightBar(view, weight)}</td>`
    return html`<tr${differs(line) ? html` class="differs"` : undefined}><th scope="row">${line.label}</th>${valueCells(view, line)}${agreement}</tr>`
  })
}

function valueCells(view: View, { values: [a, b] }: Line): Html[] {
  return [marked(a, b), marked(b, a)].map((value) =>
    value === undefined
      ? html`<td class="value quiet">${sayReview(view, 'unknown')}</td>`
      : html`<td class="value">${value}</td>`,
  )
}

/** Texts of one length (numbers, dates) are compared sign by sign, which the eye does badly. */
function marked(text: string | undefined, other: string | undefined): Html | string | undefined {
  if (text === undefined || other?.length !== text.length) return text
  const apart = [...text].filter((sign, at) => sign !== other[at]).length
  if (apart === 0 || apart > text.length / 3) return text
  return html`${[...text].map((sign, at) => (sign === other[at] ? html`${sign}` : html`<mark>${sign}</mark>`))}`
}

function sums(view: View, prior: number, score: number, override: ReviewView['override']): Html {
  const t = (word: ReviewWord) => sayReview(view, word)
  const line = (label: string, note: string, weight: number) =>
    html`<tr><th scope="row" colspan="4">${label} <span class="quiet small">${note}</span></th><td>${weightBar(view, weight)}</td></tr>`
  return html`<tfoot>${line(t('prior'), t('priorNote'), prior)}
${line(t('total'), `${t('chance')}: ${chance(view, score)}`, score)}
${override === null ? undefined : html`<tr><th scope="row">${t('override')}</th><td colspan="4">${OVERRIDES[override][view.language]}</td></tr>`}</tfoot>`
}

function chance({ language }: View, weight: number): string {
  // Nothing is ever certain: 100 % would say so.
  const share = Math.min(Math.max(1 / (1 + 2 ** -weight), 0.0001), 0.9999)
  const format = {
    style: 'percent',
    maximumFractionDigits: share > 0.01 && share < 0.99 ? 0 : 2,
  } as const
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(share)
}

function verdict(view: View, { review, fourEyes }: ReviewView): Html {
  const { decision, decidedBy, decidedAt, reason } = review
  return html`<p class="note good"><strong>${decision === null ? '' : sayReview(view, decision)}</strong> · ${decidedBy ?? ''} · ${moment(view, decidedAt)}<br>
${sayReview(view, 'reason')}: ${reason ?? '–'}</p>
${fourEyes || decidedBy !== view.by ? undefined : reverseForm(view, review)}`
}
