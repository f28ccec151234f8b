import { type Html, html } from './html.ts'
import { link, type Section, say, type View } from './page.ts'

/** The menu of a page: all sections in one row, or their groups and, below, the sections of the group that is looked at. */
export function menuOfPage(view: View): { top: Html; below: Html | undefined } {
  const { sections } = view
  const groups = [...Map.groupBy(sections, ({ group }) => group ?? '')]
  const row = (of: readonly Section[]) => of.map((one) => entry(view, one))
  if (groups.length < 2)
    return { top: html`<nav aria-label="${say(view, 'menu')}">${row(sections)}</nav>`, below: undefined }
  const here = sections.find((one) => isHere(view, one)) ?? sections[0]
  return {
    top: html`<nav aria-label="${say(view, 'menu')}">${groups.map(([group, [first]]) => {
      const current = group === here?.group ? html` aria-current="true"` : undefined
      return html`<a href="${link(view, first?.path ?? '')}"${current}>${group}</a>`
    })}</nav>`,
    below: html`<div class="pages"><nav class="bar" aria-label="${say(view, 'pages')}">${row(sections.filter(({ group }) => group === here?.group))}</nav></div>`,
  }
}

function entry(view: View, section: Section): Html {
  const { path, word } = section
  const current = path === view.path ? 'page' : isHere(view, section) ? 'true' : undefined
  return html`<a href="${link(view, path)}"${current === undefined ? undefined : html` aria-current="${current}"`}>${typeof word === 'string' ? say(view, word) : word.text}</a>`
}

/** Whether this page is the section's own, or lies below it; the first page, above all others, has none below. */
function isHere({ path, home = '/console' }: View, section: Section): boolean {
  const under = [section.path, ...(section.also === undefined ? [] : [section.also])]
  return under.some((one) => path === one || (one !== home && path.startsWith(`${one}/`)))
}
