import { type Html, html } from '../../../web/html.ts'
import { moment, type View } from '../../../web/page.ts'
import { type SettingsWord, saySettings } from './words.ts'

/** A setting; its value is masked already, and undefined where it is not set. */
export type SettingRow = { name: string; value: string | undefined; isStandard: boolean; meaning: string }

/** What the page shows. */
export type ShownSettings = {
  settings: readonly SettingRow[]
  versions: Readonly<Record<string, string>>
  startedAt: Date
  migrations: readonly { name: string; appliedAt: Date }[]
}

/** Settings, versions and migrations, to be read only. What was set for this process stands open; what is as it comes is folded away. */
export function settingsBody(view: View, { settings, versions, startedAt, migrations }: ShownSettings): Html {
  const t = (word: SettingsWord) => saySettings(view, word)
  const { own = [], usual = [] } = Object.groupBy(settings, ({ value, isStandard }) =>
    value === undefined || isStandard ? 'usual' : 'own',
  )
  return html`<p class="lead">${t('settingsLead')}</p>
<h2>${t('versions')}</h2>
<div class="sheet wide"><table><tbody>${Object.entries(versions).map(
    ([name, version]) => html`<tr><th scope="row">${name}</th><td><code>${version}</code></td></tr>`,
  )}<tr><th scope="row">${t('startedAt')}</th><td>${moment(view, startedAt)}</td></tr></tbody></table></div>
<h2>${t('ownSettings')}</h2>
${own.length === 0 ? html`<p class="quiet">${t('noOwnSettings')}</p>` : settingsTable(view, own)}
<details><summary>${t('usualSettings')} (${usual.length})</summary>
${settingsTable(view, usual)}</details>
<details><summary>${t('migrations')} (${migrations.length})</summary>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('migration')}</th><th scope="col">${t('appliedAt')}</th></tr></thead>
<tbody>${migrations.map(
    ({ name, appliedAt }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td>${moment(view, appliedAt)}</td></tr>`,
  )}</tbody></table></div></details>`
}

function settingsTable(view: View, settings: readonly SettingRow[]): Html {
  const t = (word: SettingsWord) => saySettings(view, word)
  return html`<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('setting')}</th><th scope="col">${t('settingValue')}</th></tr></thead>
<tbody>${settings.map(
    ({ name, value, isStandard, meaning }) =>
      html`<tr><th scope="row"><code>${name}</code><br><span class="quiet small wrap" lang="en">${meaning.replaceAll('`', '')}</span></th>
<td class="wrap">${value === undefined ? html`<span class="quiet">${t('notSet')}</span>` : html`<code>${value}</code>`}${
        value !== undefined && isStandard ? html`<br><span class="quiet small">${t('isStandard')}</span>` : undefined
      }</td></tr>`,
  )}</tbody></table></div>`
}
