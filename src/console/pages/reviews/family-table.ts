import type { Canonical } from '../../../language/canonical.ts'
import type { KnownFamily } from '../../../link/review/known-family.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { comparedName } from './plain.ts'
import { fieldText } from './values.ts'
import { sayReview } from './words.ts'

/** What tells the members of a family apart at a glance: the field, and the short name of what is compared by it. */
const SHOWN = [
  ['nama', 'name'],
  ['status_hubungan_keluarga', 'relation'],
  ['jenis_kelamin', 'sex'],
  ['tanggal_lahir', 'birth'],
] as const

/** The members of a family, each with a link to their page; `marked` says of those it is about what they are. */
export function familyTable(
  view: View,
  { members, isWhole }: KnownFamily,
  { canonical, marked }: { canonical: Canonical; marked: ReadonlyMap<string, string> },
): Html {
  const texts = SHOWN.map(([name, compared]) => {
    const label = comparedName(compared, canonical, view.language)
    const { shown } = fieldText(name, canonical, view.language)
    return { name, shown, label: label.charAt(0).toUpperCase() + label.slice(1) }
  })
  return html`<div class="sheet wide" tabindex="0"><table class="cards">
<thead><tr>${texts.map(({ label }) => html`<th scope="col">${label}</th>`)}<th scope="col">${sayReview(view, 'personPage')}</th></tr></thead>
<tbody>${members.map(
    ({ person, fields }) =>
      html`<tr>${texts.map(({ name, label, shown }, at) => {
        const text = shown(fields[name]) ?? '–'
        return at === 0 ? html`<th scope="row">${text}</th>` : html`<td data-label="${label}">${text}</td>`
      })}<td><a href="${link(view, `/console/persons/${person}`)}"><code>${person}</code></a>${marked.has(person) ? html` <strong class="small">${marked.get(person) ?? ''}</strong>` : undefined}</td></tr>`,
  )}</tbody></table>
${members.length === 0 ? html`<p class="none">${sayReview(view, 'noMembers')}</p>` : undefined}${isWhole ? undefined : html`<p class="quiet small none">${sayReview(view, 'moreMembers')}</p>`}</div>`
}
