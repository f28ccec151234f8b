import { expect, it } from 'vitest'
import { renderRuleBook } from '../../../src/language/rules/render.ts'
import { book } from './book.ts'

const PAGE = '../../../src/registry/rules/README.md'

it('is committed as it is generated', async () => {
  await expect(renderRuleBook(book.rules)).toMatchFileSnapshot(PAGE)
})

it('lists every rule with both texts', () => {
  const page = renderRuleBook(book.rules)
  for (const { code, id, en } of book.rules) {
    expect(page).toContain(`| ${code} |`)
    expect(page).toContain(id)
    expect(page).toContain(en)
  }
})
