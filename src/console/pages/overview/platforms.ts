import type { Cadence } from '../../../reports/operations/cadence.ts'
import { type Html, html } from '../../../web/html.ts'
import { day, link, moment, type View } from '../../../web/page.ts'
import { type OverviewWord, sayOverview } from './words.ts'

/** A platform as the overview tells it: how often it pushes, until when its agreement holds (ISO day), and its gap. */
export type ShownPlatform = { name: string; title: string; validTo: string; cadence: Cadence | undefined; gap: number }

const SOON_DAYS = 60
const DAY_MS = 86_400_000

/** Platforms with their last push, cadence, end of agreement and gap; `today` is an ISO day. */
export function platformsBody(view: View, platforms: readonly ShownPlatform[], today: string): Html {
  const t = (word: OverviewWord) => sayOverview(view, word)
  return html`<h2>${t('platforms')}</h2>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('platform')}</th><th scope="col">${t('lastPush')}</th><th scope="col">${t('cadence')}</th><th scope="col">${t('agreementEnds')}</th><th scope="col" class="number">${t('gap')}</th></tr></thead>
<tbody>${platforms.map(({ name, title, validTo, cadence, gap }) => {
    const days = (Date.parse(validTo) - Date.parse(today)) / DAY_MS
    const tone = days < 0 ? 'against' : days < SOON_DAYS ? 'warn' : ''
    return html`<tr><th scope="row"><a href="${link(view, '/console/batches', { platform: name })}">${name}</a><br><span class="quiet small">${title}</span></th><td data-label="${t('lastPush')}">${moment(view, cadence?.lastAt ?? null)}</td>
<td data-label="${t('cadence')}">${cadenceText(view, cadence)}</td><td data-label="${t('agreementEnds')}"><span class="${tone}">${day(view, validTo)}</span></td><td class="number ${gap === 0 ? 'for' : 'against'}" data-label="${t('gap')}">${gap}</td></tr>`
  })}</tbody></table></div>`
}

function cadenceText(view: View, cadence: Cadence | undefined): string {
  if (cadence?.everyDays == null) return '–'
  const t = (word: OverviewWord) => sayOverview(view, word)
  if (cadence.everyDays < 1) return t('severalADay')
  const days = new Intl.NumberFormat(view.language === 'id' ? 'id-ID' : 'en-GB', { maximumFractionDigits: 1 })
  return `${t('every')} ${days.format(cadence.everyDays)} ${t('days')}`
}
