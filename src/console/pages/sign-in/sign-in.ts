import type { PersonRole } from '../../../trust/people/roles.ts'
import { ROLES } from '../../../trust/people/roles.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { CONSOLE_RIGHTS } from '../../rights.ts'
import { qrCode } from './qr.ts'
import { ACCOUNT_PATH, SET_UP_PATH, SIGN_IN_PATH, type SignInWord, saySignIn } from './words.ts'

type Told = { trouble?: SignInWord | undefined }

/** Where a person signs in; `next` is where they wanted to go, `provider` another place to sign in at. */
export function personSignInBody(
  view: View,
  {
    trouble,
    name = '',
    next,
    provider,
  }: Told & { name?: string; next?: string; provider?: { host: string; path: string } },
): Html {
  const t = (word: SignInWord) => saySignIn(view, word)
  const onward: Record<string, string> = next === undefined ? {} : { next }
  return html`<p class="lead">${t('lead')}</p>
${noteOf(view, trouble)}
${provider === undefined ? undefined : html`<p class="more"><a href="${link(view, provider.path, onward)}">${t('elsewhere')} ${provider.host}</a></p>`}
<form class="sheet stack" method="post" action="${link(view, SIGN_IN_PATH, onward)}">
<label>${t('name')}<input name="name" value="${name}" required maxlength="80" autocomplete="username" autocapitalize="none" spellcheck="false"></label>
<label>${t('password')}<input name="password" type="password" required maxlength="200" autocomplete="current-password"></label>
<label>${t('code')}<input name="code" maxlength="40" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" aria-describedby="kode-kata"></label>
<p class="quiet small" id="kode-kata">${t('codeNote')}</p>
<button>${t('signIn')}</button>
</form>
<p class="quiet small">${t('lost')}</p>`
}

/** The one time that a second factor is shown: its secret, and the form that proves it. */
export function setUpBody(
  view: View,
  { trouble, uri, secret, name }: Told & { uri: string; secret: string; name: string },
): Html {
  const t = (word: SignInWord) => saySignIn(view, word)
  return html`<p class="lead">${t('setUpLead')}</p>
${noteOf(view, trouble)}
<div class="sheet stack">${qrCode(uri, 'otpauth')}
<p class="small">${t('byHand')}: <code class="wrap">${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
<p class="small quiet"><code class="wrap">${uri}</code></p></div>
<form class="sheet stack" method="post" action="${link(view, SET_UP_PATH)}">
${holderOf(name)}
${chooseFields(view)}
<button>${t('save')}</button>
</form>`
}

/** Recovery codes, shown this once. */
export function recoveryBody(view: View, codes: readonly string[]): Html {
  const t = (word: SignInWord) => saySignIn(view, word)
  return html`<p class="lead">${t('recoveryLead')}</p>
<ol class="sheet codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>
<p class="more"><a href="${link(view, '/console')}">${t('go')}</a></p>`
}

/** One's own account: under what decisions are noted, what the roles allow, and another password. */
export function accountBody(view: View, { trouble, roles }: Told & { roles: readonly PersonRole[] }): Html {
  const t = (word: SignInWord) => saySignIn(view, word)
  const may = Object.values(CONSOLE_RIGHTS).filter((right) => right.roles.some((role) => roles.includes(role)))
  return html`${noteOf(view, trouble)}
<p>${t('noted')} <code>${view.by ?? ''}</code>.</p>
<ul>${roles.map((role) => html`<li><strong>${role}</strong>: ${ROLES[role][view.language]}</li>`)}</ul>
<details class="sheet"><summary>${t('may')}</summary><ul>${may.map((right) => html`<li>${right[view.language]}</li>`)}</ul></details>
<h2>${t('change')}</h2>
<p class="quiet">${t('changeNote')}</p>
<form class="sheet stack" method="post" action="${link(view, ACCOUNT_PATH)}">
${holderOf(view.who ?? '')}
<label>${t('current')}<input name="current" type="password" required maxlength="200" autocomplete="current-password"></label>
${chooseFields(view)}
<button>${t('save')}</button>
</form>`
}

/** Whose password it is, for password managers; a field without a name, so that no form sends it. */
function holderOf(name: string): Html {
  return html`<input type="text" value="${name}" autocomplete="username" hidden readonly>`
}

function chooseFields(view: View): Html {
  const t = (word: SignInWord) => saySignIn(view, word)
  return html`<label>${t('newPassword')}<input name="password" type="password" required minlength="12" maxlength="200" autocomplete="new-password"></label>
<label>${t('again')}<input name="again" type="password" required minlength="12" maxlength="200" autocomplete="new-password"></label>
<label>${t('newCode')}<input name="code" required maxlength="40" inputmode="numeric" autocomplete="one-time-code"></label>`
}

function noteOf(view: View, trouble: SignInWord | undefined): Html | undefined {
  return trouble === undefined ? undefined : html`<p class="note bad" role="alert">${saySignIn(view, trouble)}</p>`
}
