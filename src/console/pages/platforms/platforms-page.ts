import type { Platform } from '../../../domain/platform.ts'
import type { Pushes } from '../../../reports/oversight/pushes.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, day, link, moment, type View } from '../../../web/page.ts'
import { type Validity, validityOn } from './validity.ts'
import { PLATFORMS_MENU, type PlatformsWord, sayPlatforms } from './words.ts'

/** What the pages show: platforms, what they have pushed, and the day of the agreements' calendar. */
export type ShownPlatforms = { platforms: readonly Platform[]; pushes: readonly Pushes[]; today: string }

/** All platforms, each with its agreement's end and its last push. */
export function platformListBody(view: View, { platforms, pushes, today }: ShownPlatforms): Html {
  const t = (word: PlatformsWord) => sayPlatforms(view, word)
  return html`<p class="lead">${t('platformsLead')}</p>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('platform')}</th><th scope="col">${t('agreement')}</th><th scope="col">${t('lastPush')}</th><th scope="col">${t('contact')}</th></tr></thead>
<tbody>${platforms.map(({ name, title, agreement, contact }) => {
    const last = latest(pushes.filter(({ platform }) => platform === name))
    return html`<tr><th scope="row"><a href="${link(view, `${PLATFORMS_MENU.path}/${name}`)}">${name}</a><br><span class="quiet small wrap">${title}</span></th>
<td data-label="${t('agreement')}"><span><span class="wrap">${agreement.number}</span><br><span class="small">${validityText(view, validityOn(today, agreement), agreement.validTo)}</span></span></td>
<td data-label="${t('lastPush')}"><span>${last === undefined ? html`<span class="quiet">${t('neverPushed')}</span>` : html`${moment(view, last.lastAt)}<br><a class="small" href="${link(view, `/console/batches/${last.lastBatch}`)}">${last.dataset}</a>`}</span></td>
<td data-label="${t('contact')}">${contact}</td></tr>`
  })}</tbody></table></div>`
}

/** One platform: its agreement, and what it has pushed of each dataset. */
export function platformBody(
  view: View,
  platform: Platform,
  { pushes, today }: Omit<ShownPlatforms, 'platforms'>,
): Html {
  const t = (word: PlatformsWord) => sayPlatforms(view, word)
  const { agreement, scope, datasets, contact, title } = platform
  const { number, parties, purpose, legalBasis, validFrom, validTo, fields, weight = 1 } = agreement
  const row = (word: PlatformsWord, value: Html | string) =>
    html`<tr><th scope="row">${t(word)}</th><td class="wrap">${value}</td></tr>`
  const list = (texts: readonly string[]) =>
    html`${texts.map((text, at) => html`${at === 0 ? '' : html`<br>`}${text}`)}`
  return html`<p class="lead">${title}</p>
<h2>${t('agreement')}</h2>
<div class="sheet wide"><table><tbody>
${row('agreement', number)}${row('validity', html`${day(view, validFrom)} – ${day(view, validTo)}: ${validityText(view, validityOn(today, agreement), validTo)}`)}
${row('parties', list(parties))}${row('purpose', purpose)}${row('legalBasis', list(legalBasis))}
${row('agreedFields', fields === '*' ? t('allFields') : list(fields))}${row('scopeOfRegions', scope.join(', '))}
${row('shareOfWork', count(view, weight))}${row('contact', contact)}
</tbody></table></div>
<h2>${t('datasets')}</h2>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('datasets')}</th><th scope="col" class="number">${t('batchesOf')}</th><th scope="col">${t('lastPush')}</th></tr></thead>
<tbody>${datasets.map((name) => {
    const found = pushes.find(({ dataset }) => dataset === name)
    return html`<tr><th scope="row">${name}</th><td class="number">${count(view, found?.batches ?? 0)}</td>
<td>${found === undefined ? html`<span class="quiet">${t('neverPushed')}</span>` : html`<a href="${link(view, `/console/batches/${found.lastBatch}`)}">${moment(view, found.lastAt)}</a>`}</td></tr>`
  })}</tbody></table></div>`
}

function latest(pushes: readonly Pushes[]): Pushes | undefined {
  return pushes.reduce<Pushes | undefined>(
    (last, one) => (last === undefined || one.lastAt > last.lastAt ? one : last),
    undefined,
  )
}

function validityText(view: View, validity: Validity, validTo: string): Html {
  const t = (word: PlatformsWord) => sayPlatforms(view, word)
  if (validity.is === 'early') return html`<span class="warn">${t('notYet')}</span>`
  if (validity.is === 'ended') return html`<span class="against">${t('ended')}</span>`
  return html`<span class="${validity.is === 'ends' ? 'warn' : 'quiet'}">${t('until')} ${day(view, validTo)} (${count(view, validity.days)} ${t('daysLeft')})</span>`
}
