import { AUDIT_ACTIONS, type AuditAction } from '../../../trust/audit/actions.ts'
import { type Html, html } from '../../../web/html.ts'
import { moment, say, type View } from '../../../web/page.ts'

/** What was done to a thing, folded away until it is asked for. */
export function historySheet(view: View, rows: readonly { at: Date; actor: string; action: string }[]): Html {
  const what = (action: string) =>
    Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction][view.language] : action
  return html`<details class="sheet"><summary>${say(view, 'history')} (${rows.length})</summary><div class="wide" tabindex="0"><table>
<thead><tr><th scope="col">${say(view, 'at')}</th><th scope="col">${say(view, 'who')}</th><th scope="col">${say(view, 'what')}</th></tr></thead>
<tbody>${rows.map(({ at, actor, action }) => html`<tr><td>${moment(view, at)}</td><td>${actor}</td><td>${what(action)}</td></tr>`)}</tbody>
</table></div></details>`
}
