import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { SEARCH_MENU, type SearchWord, saySearch } from './words.ts'

/** The two forms; only a steward may ask by a platform's own key. */
export function searchBody(
  view: View,
  {
    platforms,
    datasets,
    mayKnowKeys,
    isMissing,
  }: { platforms: readonly string[]; datasets: readonly string[]; mayKnowKeys: boolean; isMissing: boolean },
): Html {
  const t = (word: SearchWord) => saySearch(view, word)
  const options = (names: readonly string[]) => names.map((name) => html`<option>${name}</option>`)
  return html`${isMissing ? html`<p class="note bad" role="alert">${t('nothing')}</p>` : undefined}<p class="lead">${t('lead')}</p>
<h2>${t('byId')}</h2>
<form class="sheet ask" method="post" action="${link(view, SEARCH_MENU.path)}" autocomplete="off">
<label>${t('id')} <input name="id" required size="34" maxlength="64" placeholder="bat_… dlv_… per_… fam_…" pattern="(bat|dlv|per|fam)_[0-9a-z]{26}"></label><button>${t('find')}</button></form>
${
  mayKnowKeys
    ? html`<h2>${t('byKey')}</h2>
<form class="sheet ask" method="post" action="${link(view, SEARCH_MENU.path)}" autocomplete="off">
<label>${t('platform')} <select name="platform">${options(platforms)}</select></label>
<label>${t('dataset')} <select name="dataset">${options(datasets)}</select></label>
<label>${t('key')} <input name="key" required maxlength="512"></label><button>${t('find')}</button></form>`
    : undefined
}`
}
