import { expect, it } from 'vitest'
import { isColourWanted, painter } from '../../src/cli/colour.ts'
import { table } from '../../src/cli/table.ts'

it('aligns cells whether they are coloured or not', () => {
  const paint = painter({ colour: true })
  const [, plain = '', coloured = ''] = table(
    [
      ['name', 'held'],
      ['one', '7'],
      ['two', paint('yellow', '7')],
    ],
    1,
  )
  expect(plain).toBe('  one      7')
  expect(coloured).toBe('  two      \x1b[33m7\x1b[39m')
})

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
])('colours only where a terminal shows it: terminal %s, %j', (isTerminal, env, wanted) => {
  expect(isColourWanted(isTerminal, env)).toBe(wanted)
})
