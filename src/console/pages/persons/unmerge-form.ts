import { createHash } from 'node:crypto'
import { type Html, html } from '../../../web/html.ts'
import { link, moment, type View } from '../../../web/page.ts'
import { plainWords } from '../reviews/plain.ts'
import { personPath, type ShownPerson, sourceName } from './shown-person.ts'
import { type PersonWord, sayPerson } from './words.ts'

/** The form that takes records away: it says what will happen, and names what was seen. */
export function unmergeForm(view: View, { person, keys, canonical, opinion, isForTwo }: ShownPerson): Html {
  const t = (word: PersonWord) => sayPerson(view, word)
  const { id, sources, version, edges } = person
  const wanted = (at: number) => opinion?.leaving.some((key) => key === keys[at]) === true
  const strongest = (at: number) => {
    const own = edges.filter(({ a, b }) => a === at || b === at).toSorted((one, other) => other.bits - one.bits)
    return own[0] === undefined ? '' : plainWords(own[0].fields, canonical, view.language)
  }
  return html`<h2 id="keluarkan">${t('unmerge')}</h2>
${isForTwo ? html`<p class="note">${t('forTwo')}${opinion === undefined ? undefined : html` ${t('firstOpinion')} <strong>${opinion.by}</strong> (${moment(view, opinion.at)}).`}</p>` : undefined}
<form class="decide sheet" method="post" action="${link(view, `${personPath(id)}/unmerge`)}">
<input type="hidden" name="version" value="${version}"><input type="hidden" name="seen" value="${seenOf(keys)}">
<fieldset><legend class="skip">${t('leaves')}</legend><p>${t('unmergeLead')}</p>
<div class="choices">${sources.map(
    ({ at, dataset, source_key }) =>
      html`<label><input type="checkbox" name="leave${at}" value="yes"${wanted(at) ? html` checked` : undefined}><span>${sourceName(person, at)}<small>${dataset} · <code class="wrap">${source_key ?? ''}</code><br>${strongest(at)}</small></span></label>`,
  )}</div></fieldset>
<div class="field"><label for="alasan">${t('reason')}</label>
<input id="alasan" name="reason" required minlength="3" maxlength="500" autocomplete="off" aria-describedby="alasan-kata">
<p class="quiet small" id="alasan-kata">${t('unmergeReason')}</p></div>
<button>${t('doUnmerge')}</button>
</form>`
}

/** A digest of the sources that a page showed, by which a form tells whether they are the same still. */
export function seenOf(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join()).digest('hex').slice(0, 32)
}
