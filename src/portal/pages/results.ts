import { type Html, html } from '../../web/html.ts'
import { link, type View } from '../../web/page.ts'
import { wordOf } from '../words.ts'

/** A result as it is listed: by the platform's own key. */
export type ListedResult = { dataset: string; key: string; status: string; as_of: string }

export type ResultsPage = {
  /** Undefined where the client may not read them. */
  results: readonly ListedResult[] | undefined
  datasets: readonly { name: string; title: string }[]
  /** Programmes in force; undefined where the client may not read candidates. */
  programmes: readonly { code: string; title: string }[] | undefined
}

/** What BPS says of a platform's records, and candidates for programmes: the first of them, and all as files. */
export function resultsBody(view: View, { results, datasets, programmes }: ResultsPage): Html {
  const t = (word: Parameters<typeof wordOf>[1]) => wordOf(view, word)
  return html`<p class="lead">${t('resultsLead')}</p>
${
  results === undefined
    ? html`<p class="note">${t('notAllowed')}</p>`
    : html`<ul class="downloads">${datasets.map(
        ({ name, title }) =>
          html`<li><a href="${link(view, `/portal/results/${name}`)}">${t('ofDataset')} ${title}</a></li>`,
      )}</ul>
<div class="sheet wide"><table>
<thead><tr><th scope="col">${t('subjectKey')}</th><th scope="col">${t('dataset')}</th><th scope="col">${t('state')}</th><th scope="col">${t('at')}</th></tr></thead>
<tbody>${results.map(
        ({ key, dataset, status, as_of: asOf }) =>
          html`<tr><th scope="row">${key}</th><td>${dataset}</td><td>${status}</td><td>${asOf}</td></tr>`,
      )}</tbody>
</table>${results.length === 0 ? html`<p class="none">${t('noResults')}</p>` : undefined}</div>`
}
<h2>${t('candidates')}</h2>
${
  programmes === undefined
    ? html`<p class="note">${t('notAllowed')}</p>`
    : html`<p class="quiet">${t('candidatesNote')}</p><ul class="downloads">${programmes.map(
        ({ code, title }) => html`<li><a href="${link(view, `/portal/candidates/${code}`)}">${title} (CSV)</a></li>`,
      )}</ul>`
}`
}
