import { CONDITIONS } from '../../../watch/alerts/conditions.ts'
import { type Html, html } from '../../../web/html.ts'
import { moment, type View } from '../../../web/page.ts'
import { sayOverview } from './words.ts'

/** An alert that holds, and until when nobody is told of it. */
export type HeldAlert = { name: string; of: string; since: Date; silentUntil: Date | null }

/** The alerts that hold, each in words; nothing where there is none. */
export function alertsBody(view: View, alerts: readonly HeldAlert[]): Html | undefined {
  if (alerts.length === 0) return undefined
  return html`<section class="note bad" aria-label="${sayOverview(view, 'alerts')}"><strong>${sayOverview(view, 'alerts')}</strong><ul>${alerts.map(
    ({ name, of, since, silentUntil }) => {
      const text = CONDITIONS.find((condition) => condition.name === name)?.[view.language] ?? name
      const silence =
        silentUntil === null ? undefined : html` · ${sayOverview(view, 'alertSilent')} ${moment(view, silentUntil)}`
      return html`<li>${text}${of === '' ? undefined : html` · ${of}`} <span class="quiet small">${sayOverview(view, 'alertSince')} ${moment(view, since)}${silence} · <code>${name}</code></span></li>`
    },
  )}</ul></section>`
}
