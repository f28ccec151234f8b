import type { JudgedDistrict } from '../../../reports/quality/districts.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, type View } from '../../../web/page.ts'
import { QUALITY_MENU, type QualityWord, sayQuality } from './words.ts'

/** Shares from which on a tile has each shade, the palest first. */
const SHADES = [0, 0.5, 0.75, 0.9, 0.98] as const

/** The districts of a platform as tiles, by regency, and the same as a table; `unplaced` entries have no known district. */
export function districtMap(
  view: View,
  platform: string,
  { districts, unplaced }: { districts: readonly JudgedDistrict[]; unplaced: number },
): Html | undefined {
  if (districts.length === 0) return undefined
  const t = (word: QualityWord) => sayQuality(view, word)
  const regencies = [...Map.groupBy(districts, ({ regency }) => regency)]
  const silent = districts.filter(({ entries }) => entries === 0).length
  return html`<h2 id="districts">${t('districts')}</h2><p class="lead">${t('districtsLead')}</p>
<p><strong class="${silent === 0 ? 'for' : 'warn'}">${count(view, silent)}</strong> ${t('silentDistricts')} ${count(view, districts.length)}${unplaced === 0 ? undefined : html` · ${t('unplaced')}: ${count(view, unplaced)}`}</p>
${regencies.map(
  ([regency, of]) => html`<div class="sheet map"><h3>${regency === '' ? t('outside') : regency}</h3>
<ul class="tilemap">${of.map((one) => tile(view, one))}</ul></div>`,
)}
<ul class="legend small">${SHADES.map((from, at) => html`<li><span class="shade${at + 1}">${percent(view, from)}–${percent(view, SHADES[at + 1] ?? 1)}</span></li>`)}<li><span class="shade0">${t('nothingHere')}</span></li></ul>
<details class="sheet"><summary>${t('asTable')}</summary><div class="wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('district')}</th><th scope="col">${t('bpsCode')}</th><th scope="col" class="number">${t('records')}</th><th scope="col" class="number">${t('withFinding')}</th><th scope="col" class="number">${t('withoutFinding')}</th></tr></thead>
<tbody>${districts.map(
    ({ name, bps, entries, found, share }) =>
      html`<tr><th scope="row">${name}</th><td><code>${bps}</code></td><td class="number">${count(view, entries)}</td><td class="number">${count(view, found)}</td><td class="number">${share === null ? '–' : percent(view, share)}</td></tr>`,
  )}</tbody></table></div></details>
<p class="more"><a href="${link(view, `${QUALITY_MENU.path}/districts.csv`, { platform })}" download>${t('districtsCsv')}</a></p>`
}

function tile(view: View, { name, entries, share }: JudgedDistrict): Html {
  const shade = share === null ? 0 : SHADES.findLastIndex((from) => share >= from) + 1
  const said =
    share === null
      ? sayQuality(view, 'nothingHere')
      : `${percent(view, share)} · ${count(view, entries)} ${sayQuality(view, 'entries')}`
  return html`<li class="shade${shade}"><strong>${name}</strong><span>${said}</span></li>`
}

function percent({ language }: View, share: number): string {
  const format = { style: 'percent', maximumFractionDigits: 0, roundingMode: 'floor' } as const
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(share)
}
