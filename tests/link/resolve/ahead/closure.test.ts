import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closure } from '../../../../src/link/resolve/ahead/closure.ts'

describe('what hangs together with a name', () => {
  it.for<[string, string[], string[]]>([
    ['is found over several ties, in whatever order they stand', ['c'], ['a', 'b', 'c', 'd']],
    ['is the name itself where nothing does', ['x'], ['x']],
    ['is nothing where no name is given', [], []],
  ])('%s', ([, names, expected]) => {
    const found = closure([['c', 'd'], ['a', 'b'], ['b', 'c'], ['e', 'f'], ['g']], names)
    expect([...(found ?? [])].sort()).toEqual(expected)
  })

  it('is not followed over a chain that is too long', () => {
    const chain = Array.from({ length: 500 }, (_, at) => [`${500 - at}`, `${499 - at}`])
    expect(closure(chain, ['0'])).toBeUndefined()
  })

  it('shares no tie with what does not', () => {
    const name = fc.constantFrom(...'abcdefghij')
    const ties = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 12 })
    fc.assert(
      fc.property(ties, fc.array(name, { maxLength: 2 }), (given, names) => {
        const found = closure(given, names)
        for (const tie of given) expect(new Set(tie.map((one) => found?.has(one))).size).toBe(1)
      }),
    )
  })
})
