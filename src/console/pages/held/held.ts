import type { HeldCause } from '../../../reports/held/held-cause.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { HELD_MENU, type HeldWord, sayHeld } from './words.ts'

/** A cause with its texts: what it means, how it is mended, and the platform's contact. */
export type ShownCause = HeldCause & { title: string; mend: string; contact: string; wantsReason: boolean }

/** What the list shows: causes, and the platform and finding that it is limited to, each empty for all. */
export type ShownHeld = {
  causes: readonly ShownCause[]
  isAll: boolean
  now: Date
  filter: { platform: string; code: string }
  platforms: readonly string[]
}

/** What is held back, by cause, each with the button that counts before it releases. */
export function heldBody(view: View, { causes, isAll, now, filter, platforms }: ShownHeld): Html {
  const t = (word: HeldWord) => sayHeld(view, word)
  const tab = (platform: string, text: string) =>
    html`<li><a href="${link(view, HELD_MENU.path, platform === '' ? {} : { platform })}"${platform === filter.platform && filter.code === '' ? html` aria-current="page"` : undefined}>${text}</a></li>`
  const groups = [...Map.groupBy(causes, ({ code }) => code)].sort(([, a], [, b]) => sumOf(b) - sumOf(a))
  return html`<p class="lead">${t('lead')}</p>
<ul class="tabs">${tab('', t('allPlatforms'))}${platforms.map((name) => tab(name, name))}</ul>${filter.code === '' ? undefined : html`<p class="small">${t('only')} <code>${filter.code}</code>${filter.platform === '' ? undefined : html` · ${filter.platform}`} · <a href="${link(view, HELD_MENU.path)}">${t('showAll')}</a></p>`}${isAll ? undefined : html`<p class="note">${t('notAll')}</p>`}
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('platform')}</th><th scope="col" class="number">${t('stillHeld')}</th><th scope="col" class="number">${t('corrected')}</th><th scope="col" class="number">${t('oldest')}</th><th scope="col">${t('ask')}</th><th scope="col">${t('releases')}</th></tr></thead>
${groups.map(([, of]) => groupOf(view, of, now))}</table>${causes.length === 0 ? html`<p class="none">${t('none')}</p>` : undefined}</div>`
}

function sumOf(causes: readonly ShownCause[]): number {
  return causes.reduce((sum, { entries }) => sum + entries, 0)
}

/** All that one finding holds: what it means and how it is mended, then a row for each dataset of a platform. */
function groupOf(view: View, causes: readonly ShownCause[], now: Date): Html {
  const t = (word: HeldWord) => sayHeld(view, word)
  const [{ code, title, mend, wantsReason }] = causes as [ShownCause]
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="6"><strong>${code === '' ? t('noCode') : title}</strong> <code class="quiet small">${code}</code><br>
<span class="small">${wantsReason ? t('wantsReason') : html`${mend} <span class="quiet">(${t('mendOrResend')})</span>`}</span></th></tr>${causes.map((cause) => rowOf(view, cause, now))}</tbody>`
}

function rowOf(view: View, cause: ShownCause, now: Date): Html {
  const t = (word: HeldWord) => sayHeld(view, word)
  const { platform, dataset, entries, corrected, again, oldestAt, contact } = cause
  const old = oldestAt === null ? '–' : age(view, Math.max(0, (now.getTime() - oldestAt.getTime()) / 1000))
  const batches = link(view, '/console/batches', { platform, dataset, held: 'yes' })
  return html`<tr><th scope="row">${platform} · <a href="${batches}">${dataset}</a></th><td class="number ${entries > 0 ? 'warn' : 'quiet'}" data-label="${t('stillHeld')}"><span>${count(view, entries)}${again === 0 ? undefined : html`<br><span class="quiet small">+ ${count(view, again)} ${t('earlier')}</span>`}</span></td><td class="number" data-label="${t('corrected')}">${count(view, corrected)}</td><td class="number" data-label="${t('oldest')}">${old}</td>
<td data-label="${t('ask')}"><span>${contactOf(contact)}</span></td><td>${entries === 0 ? html`<span class="for">${t('allCorrected')}</span>` : countForm(view, cause)}</td></tr>`
}

/** A long address may break before its host, and nowhere else. */
function contactOf(contact: string): Html {
  const [user = '', ...host] = contact.split('@')
  return host.length === 0 ? html`${user}` : html`${user}<wbr>@${host.join('@')}`
}

function countForm(view: View, cause: ShownCause): Html {
  const t = (word: HeldWord) => sayHeld(view, word)
  return html`<div class="acts"><form method="post" action="${link(view, HELD_MENU.path)}">${filterOf(cause)}<button class="light" name="step" value="count" aria-label="${t('count')}: ${cause.platform} ${cause.code}">${t('count')}</button></form></div>`
}

function filterOf({ platform, dataset, code }: HeldCause): Html {
  return html`<input type="hidden" name="platform" value="${platform}"><input type="hidden" name="dataset" value="${dataset}"><input type="hidden" name="code" value="${code}">`
}

/** The count before a release on a filter, and the form that orders it. */
export function confirmBody(view: View, cause: ShownCause): Html {
  const t = (word: HeldWord) => sayHeld(view, word)
  const { platform, dataset, code, entries, corrected, again, batches, title, oldestAt, wantsReason } = cause
  return html`<form class="decide sheet" method="post" action="${link(view, HELD_MENU.path)}">${filterOf(cause)}
<p><strong>${title}</strong> <code class="quiet small">${code}</code><br>${platform} · ${dataset} · ${moment(view, oldestAt)}</p>
<p class="note"><strong>${count(view, entries)}</strong> ${t('willRelease')} ${count(view, batches.length)} ${t('batches')}${corrected === 0 ? undefined : html` · ${t('alsoCorrected')} ${count(view, corrected)}`}${again === 0 ? undefined : html` · ${t('alsoEarlier')} ${count(view, again)}`}</p>
<div class="field"><label for="reason">${t('reason')}</label><input id="reason" name="reason" maxlength="500" autocomplete="off"${wantsReason ? html` required minlength="3"` : undefined}></div>
<button name="step" value="release">${t('release')}</button> <a href="${link(view, HELD_MENU.path)}">${t('cancel')}</a></form>`
}
