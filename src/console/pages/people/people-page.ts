import type { ListedPerson } from '../../../trust/people/account.ts'
import { ROLES } from '../../../trust/people/roles.ts'
import { type Html, html } from '../../../web/html.ts'
import { moment, type View } from '../../../web/page.ts'
import { CONSOLE_RIGHTS } from '../../rights.ts'
import { sayPeople } from './words.ts'

/** Who has an account, and what each role may see and do. */
export function peopleBody(view: View, people: readonly ListedPerson[]): Html {
  const t = (word: Parameters<typeof sayPeople>[1]) => sayPeople(view, word)
  const roles = Object.keys(ROLES)
  return html`<p class="lead">${t('lead')}</p>
<div class="sheet wide"><table class="cards"><thead><tr><th scope="col">${t('name')}</th><th scope="col">${t('account')}</th><th scope="col">${t('roles')}</th><th scope="col">${t('by')}</th><th scope="col">${t('state')}</th><th scope="col">${t('signedIn')}</th></tr></thead>
<tbody>${people.map(
    (person) =>
      html`<tr><th scope="row">${person.name}</th><td data-label="${t('account')}"><code class="wrap">${person.id}</code></td><td data-label="${t('roles')}">${person.roles.join(', ')}</td><td data-label="${t('by')}">${t(person.by)}</td><td data-label="${t('state')}">${t(person.state)}</td><td data-label="${t('signedIn')}">${moment(view, person.signed_in_at === null ? null : new Date(person.signed_in_at))}</td></tr>`,
  )}</tbody></table></div>
<h2>${t('right')}</h2>
<div class="sheet wide"><table><thead><tr><th scope="col">${t('right')}</th>${roles.map((role) => html`<th scope="col">${role}</th>`)}</tr></thead>
<tbody>${Object.values(CONSOLE_RIGHTS).map(
    (right) =>
      html`<tr><th scope="row">${right[view.language]}</th>${roles.map((role) => html`<td>${right.roles.some((one) => one === role) ? '✓' : '–'}</td>`)}</tr>`,
  )}</tbody></table></div>`
}
