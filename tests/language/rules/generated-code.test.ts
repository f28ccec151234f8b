import { describe, expect, it } from 'vitest'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'

describe('generated code', () => {
  it('is named in stack traces by its dataset and part', () => {
    const fail = new GeneratedCode('carik@1').under('records/0')(
      'build',
      {},
      'return () => { missing() }',
    ) as () => void
    let stack = ''
    try {
      fail()
    } catch (error) {
      stack = (error as Error).stack ?? ''
    }
    expect(stack).toContain('titian/carik@1/records/0/build.js')
  })

  it('uses its constants by their names', () => {
    const add = new GeneratedCode('test').under('sum')('add', { two: 2 }, 'return (value) => value + two')
    expect((add as (value: number) => number)(3)).toBe(5)
  })

  it.each(['a\nb()', 'a\u2028b()', 'a\u2029b()', 'a\rb()', "'; b() //", '*/ b() /*', 'no spasi'])(
    'cannot be broken out of by the part name %j',
    (part) => {
      const generated = new GeneratedCode('test')
      const answer = generated.under('column')(part, {}, 'return () => 1') as () => number
      expect(answer()).toBe(1)
      expect([...generated.parts.keys()]).toEqual([expect.stringMatching(/^column\/[A-Za-z0-9_.@/-]+$/)])
    },
  )

  it('keeps parts of one name apart', () => {
    const generated = new GeneratedCode('test')
    const compile = generated.under('read')
    for (const body of ['return 1', 'return 2', 'return 3']) compile('kode', {}, body)
    expect([...generated.parts]).toEqual([
      ['read/kode', 'return 1'],
      ['read/kode-2', 'return 2'],
      ['read/kode-3', 'return 3'],
    ])
  })
})
