import { type Html, html } from '../../web/html.ts'
import { link, type View } from '../../web/page.ts'
import { type PortalWord, wordOf } from '../words.ts'

/** Where an office signs in by the client that its platform was given. */
export function signInBody(view: View, { trouble, client = '' }: { trouble?: PortalWord; client?: string }): Html {
  return html`<p class="lead">${wordOf(view, 'signInLead')}</p>
${trouble === undefined ? undefined : html`<p class="note bad" role="alert">${wordOf(view, trouble)}</p>`}
<form class="sheet stack" method="post" action="${link(view, '/portal/sign-in')}">
<label>${wordOf(view, 'client')}<input name="client" value="${client}" required maxlength="80" autocomplete="username" autocapitalize="none" spellcheck="false"></label>
<label>${wordOf(view, 'secret')}<input name="secret" type="password" required maxlength="200" autocomplete="current-password"></label>
<button>${wordOf(view, 'signIn')}</button>
</form>`
}
