import type { FindingText } from '../../../domain/finding.ts'
import { DIMENSIONS } from '../../../reports/quality/dimension.ts'
import type { JudgedDistrict } from '../../../reports/quality/districts.ts'
import type { DatasetQuality, JudgedPush } from '../../../reports/quality/quality.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { districtMap } from './district-map.ts'
import { shareChart } from './share-chart.ts'
import { QUALITY_MENU, type QualityWord, sayQuality } from './words.ts'

/** What the page shows of a platform. */
export type ShownQuality = {
  platform: string
  platforms: readonly string[]
  datasets: readonly DatasetQuality[]
  findings: Readonly<Record<string, FindingText>>
  /** Its districts, and how many entries have none that is known. */
  map: { districts: readonly JudgedDistrict[]; unplaced: number }
}

/** Each dataset of a platform over its last pushes: a line, its table, and what got worse. */
export function qualityBody(view: View, { platform, platforms, datasets, findings, map }: ShownQuality): Html {
  const t = (word: QualityWord) => sayQuality(view, word)
  return html`<p class="lead">${t('qualityLead')}</p>
<ul class="tabs">${platforms.map(
    (name) =>
      html`<li><a href="${link(view, QUALITY_MENU.path, { platform: name })}"${name === platform ? html` aria-current="page"` : undefined}>${name}</a></li>`,
  )}</ul>
${datasets.length === 0 ? html`<p class="sheet none">${t('nothingPushed')}</p>` : html`<p class="more"><a href="${link(view, `${QUALITY_MENU.path}.csv`, { platform })}" download>${t('asCsv')}</a></p>`}
${datasets.map((one) => datasetBody(view, one, findings))}
${datasets.length === 0 ? undefined : html`<p class="quiet small">* ${t('findingsPer100')}</p>`}
${datasets.length === 0 ? undefined : districtMap(view, platform, map)}`
}

function datasetBody(view: View, { dataset, pushes, worse }: DatasetQuality, findings: ShownQuality['findings']): Html {
  const t = (word: QualityWord) => sayQuality(view, word)
  return html`<h2>${dataset}</h2>
${
  pushes.length > 1
    ? html`<div class="sheet">${shareChart(
        pushes.map(({ acceptedShare }) => acceptedShare),
        `${dataset}: ${t('shareOverTime')}`,
      )}</div>`
    : undefined
}
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('push')}</th><th scope="col" class="number">${t('records')}</th><th scope="col" class="number">${t('accepted')}</th><th scope="col" class="number">${t('held')}</th><th scope="col" class="number">${t('rejected')}</th>
${DIMENSIONS.map((name) => html`<th scope="col" class="number">${t(name)} *</th>`)}<th scope="col" class="number">${t('daysSince')}</th></tr></thead>
<tbody>${pushes.toReversed().map((push) => pushRow(view, push))}</tbody></table></div>
${
  pushes.length < 2
    ? undefined
    : worse.length === 0
      ? html`<p class="quiet">${t('nothingWorse')}</p>`
      : html`<p>${t('gotWorse')} (${t('findingsPer100')}):</p><ul>${worse.map(
          ({ code, before, now }) =>
            html`<li><span class="against number">${decimal(view, before)} → ${decimal(view, now)}</span> ${findings[code]?.[view.language] ?? code} <code class="quiet">${code}</code></li>`,
        )}</ul>`
}`
}

function pushRow(view: View, push: JudgedPush): Html {
  const { batch, receivedAt, received, acceptedShare, held, rejected, per100, daysSince } = push
  const number = (word: QualityWord, text: string, isQuiet = false) =>
    html`<td class="number ${isQuiet ? 'quiet' : ''}" data-label="${sayQuality(view, word)}">${text}</td>`
  return html`<tr><th scope="row"><a href="${link(view, `/console/batches/${batch}`)}">${moment(view, receivedAt)}</a></th>
${number('records', count(view, received))}${number('accepted', `${decimal(view, 100 * acceptedShare)} %`)}${number('held', count(view, held), held === 0)}${number('rejected', count(view, rejected), rejected === 0)}
${DIMENSIONS.map((name) => number(name, decimal(view, per100[name]), per100[name] === 0))}${number('daysSince', daysSince === null ? '–' : count(view, daysSince), daysSince === null)}</tr>`
}

function decimal({ language }: View, value: number): string {
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', { maximumFractionDigits: 1 }).format(value)
}
