import type { AuditLine } from '../../../reports/oversight/audit-line.ts'
import { AUDIT_ACTIONS } from '../../../trust/audit/actions.ts'
import { age } from '../../../web/age.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { AUDIT_MENU, type AuditWord, KINDS, sayAudit } from './words.ts'

/** What was asked, as it stands in the address. */
export type AuditQuery = { action?: string; actor?: string; object?: string; since?: string }

/** What the page shows: what was asked, the rows that fit, and where the next page begins. */
/** How the log is proven: its newest signed checkpoint, who else signed it, and for how long nobody has confirmed the tree. */
type AuditState = {
  checkpoint: { size: number; signedAt: Date } | undefined
  witnesses: number
  secondsUnconfirmed: number
}

export type ShownAudit = {
  state: AuditState
  query: AuditQuery
  lines: readonly AuditLine[]
  next: number | null
}

/** A checkpoint is made each minute: later than this something is wrong. */
const LATE_SECONDS = 600

/** Things that have a page of their own. */
const PAGES: Readonly<Record<string, string>> = {
  batch: '/console/batches/',
  review: '/console/reviews/',
  person: '/console/persons/',
  delivery: '/console/deliveries/',
  platform: '/console/platforms/',
  family: '/console/search/',
}

/** The audit log: a search, and a page of rows. */
export function auditBody(view: View, { state, query, lines, next }: ShownAudit): Html {
  const t = (word: AuditWord) => sayAudit(view, word)
  return html`<p class="lead">${t('auditLead')} ${t('auditVerify')} <code>titian audit verify</code>.</p>
${stateTiles(view, state)}
<form class="sheet ask" method="get" action="${link(view, AUDIT_MENU.path)}">
${view.isChosen ? html`<input type="hidden" name="lang" value="${view.language}">` : undefined}
<label>${t('auditAction')} <select name="action"><option value="">${t('anyAction')}</option>${Object.entries(
    AUDIT_ACTIONS,
  ).map(
    ([name, text]) =>
      html`<option value="${name}"${name === query.action ? html` selected` : undefined}>${text[view.language]}</option>`,
  )}</select></label>
<label>${t('auditActor')} <input name="actor" value="${query.actor ?? ''}" maxlength="64"></label>
<label>${t('auditObject')} <input name="object" value="${query.object ?? ''}" maxlength="100"></label>
<label>${t('auditFrom')} <input type="date" name="since" value="${query.since ?? ''}"></label>
<button>${t('find')}</button></form>
<div class="sheet wide"><table class="cards">
<thead><tr><th scope="col">${t('auditAt')}</th><th scope="col">${t('auditAction')}</th><th scope="col">${t('auditActor')}</th><th scope="col">${t('auditObject')}</th><th scope="col" class="number">#</th></tr></thead>
<tbody>${lines.map(
    ({ sequence, at, actor, action, kind, object }) => html`<tr><th scope="row">${moment(view, at)}</th>
<td>${textOf(view, action)}</td><td data-label="${t('auditActor')}">${actor}</td><td data-label="${t('auditObject')}"><span>${kindOf(view, kind)} ${objectOf(view, kind, object)}</span></td><td class="number" data-label="#">${count(view, sequence)}</td></tr>`,
  )}</tbody>
</table>${lines.length === 0 ? html`<p class="none">${t('noAudit')}</p>` : undefined}</div>
${next === null ? undefined : html`<p class="more"><a href="${link(view, AUDIT_MENU.path, { ...query, before: String(next) })}">${t('more')} →</a></p>`}`
}

function stateTiles(view: View, { checkpoint, witnesses, secondsUnconfirmed }: AuditState): Html {
  const t = (word: AuditWord) => sayAudit(view, word)
  const tile = (name: string, value: string, note: Html | string, tone = '') =>
    html`<li class="sheet"><span>${name}</span><strong class="${tone}">${value}</strong><span class="quiet small">${note}</span></li>`
  return html`<ul class="tiles">${tile(t('checkpoint'), checkpoint === undefined ? '–' : count(view, checkpoint.size), checkpoint === undefined ? t('noCheckpoint') : html`${t('rowsSigned')}, ${moment(view, checkpoint.signedAt)}`)}
${tile(t('confirmed'), age(view, secondsUnconfirmed), t('confirmedNote'), secondsUnconfirmed > LATE_SECONDS ? 'against' : 'for')}${tile(t('witnesses'), count(view, witnesses), t('witnessesNote'))}</ul>`
}

function textOf({ language }: View, action: string): string {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as keyof typeof AUDIT_ACTIONS][language] : action
}

/** What kind of thing it was done to; one that is not known yet goes by its name. */
function kindOf({ language }: View, kind: string): string {
  return Object.hasOwn(KINDS, kind) ? (KINDS[kind]?.[language] ?? kind) : kind
}

function objectOf(view: View, kind: string, object: string): Html {
  const page = PAGES[kind]
  return page === undefined
    ? html`<code class="wrap">${object}</code>`
    : html`<a href="${link(view, `${page}${object}`)}"><code class="wrap">${object}</code></a>`
}
