import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelText } from '../../src/console/pages/reviews/levels.ts'
import { COMPARISONS } from '../../src/link/compare/compare.ts'
import { html } from '../../src/web/html.ts'

describe('html', () => {
  it('lets no text end an element, an attribute or an entity', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`
        const inner = markup.slice('<p title="'.length, -'</p>'.length)
        expect(inner.replace('">', '').replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>"'&]/)
      }),
    )
  })

  it('keeps markup, joins lists, and puts nothing for nothing', () => {
    expect(html`<b>${html`<i>${'<'}</i>`}${[html`1`, html`2`]}${undefined}${0}</b>`.markup).toBe(
      '<b><i>&lt;</i>120</b>',
    )
  })
})

describe('levelText', () => {
  const all = Object.entries(COMPARISONS).flatMap(([field, levels]) => levels.map((level) => [field, level] as const))
  it.each(all)('has words for %s %s in both languages', (field, level) => {
    for (const language of ['id', 'en'] as const)
      expect(levelText(language, field, level)).toMatch(/^[\p{L}.,/ ]{3,}$/u)
  })

  it('tells a level that it does not know by its name', () => {
    expect(levelText('id', 'suburb', 'close')).toBe('mirip')
    expect(levelText('id', 'suburb', 'unheard-of')).toBe('unheard-of')
  })
})
