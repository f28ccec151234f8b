import { expect, it } from 'vitest'
import { FREE_TEXT } from '../../src/domain/free-text.ts'

const pattern = new RegExp(FREE_TEXT, 'u')

it.for<[string, boolean]>([
  ['Sudah dicek ke lapangan', true],
  ['  a', true],
  ['baris satu\nbaris dua\tkolom', true],
  ['d’Ornay — ½ 😀 الاسم', true],
  ['', false],
  [' \n\t ', false],
  ['a\u0000', false],
  ['a\u001b[31m', false],
  ['a\rb', false],
  ['a\u0085', false],
  ['a\u202eb', false],
  ['\u2066a\u2069', false],
  ['a\u200fb', false],
  ['a\u061cb', false],
  ['a\u2028b', false],
])('takes %j: %s', ([text, isTaken]) => {
  expect(pattern.test(text)).toBe(isTaken)
})

it('is linear', () => {
  const started = performance.now()
  for (const text of [`${' '.repeat(1e6)}\u0000`, `${'a'.repeat(1e6)}\u0000`, `${' a'.repeat(5e5)}\u0000`])
    expect(pattern.test(text)).toBe(false)
  expect(performance.now() - started).toBeLessThan(20_000)
})
