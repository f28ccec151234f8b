import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprints, orderByReferences, parseManifest } from '../../../src/cli/backup/manifest.ts'
import { createKeyRing, rotateIndexKey } from '../../../src/trust/keys/keyring.ts'

it('a backup names the index key that wraps, and no key itself', () => {
  const ring = createKeyRing(new Date(0))
  const rotated = rotateIndexKey(ring, new Date(0))
  const added = fingerprints(rotated).filter((name) => !fingerprints(ring).includes(name))
  expect(added).toEqual([expect.stringMatching(/^index-wrap-2:[0-9a-f]{16}$/)])
  expect(fingerprints(rotated).join()).not.toContain(rotated.indexKeys?.[1]?.key)
})

describe('the order in which tables are filled', () => {
  it('puts what is named before what names it, and leaves none out', () => {
    // A table names earlier ones only, so that there is no circle.
    const graphs = fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(graphs, (graph) => {
        const tables = graph.map((_, index) => ({ name: `t${index}` })).reverse()
        const references = graph.flatMap((named, from) =>
          named.filter((to) => to < from).map((to) => ({ from: `t${from}`, to: `t${to}` })),
        )
        const order = orderByReferences(tables, references).map(({ name }) => name)
        expect(order.toSorted()).toEqual(tables.map(({ name }) => name).toSorted())
        for (const { from, to } of references) expect(order.indexOf(to)).toBeLessThan(order.indexOf(from))
      }),
    )
  })

  it('says so when tables name each other in a circle', () => {
    const circle = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ]
    expect(() => orderByReferences([{ name: 'a' }, { name: 'b' }], circle)).toThrow('in a circle: a, b')
  })
})

describe('a manifest', () => {
  it.each([
    ['no JSON', '{'],
    ['another format', '{"format":2}'],
    ['a table whose name would be a path', '{"format":1,"tables":[{"name":"../x","columns":["a"],"rows":1}]}'],
  ])('is refused when it is %s', (_name, text) => {
    expect(parseManifest(text)).toBeUndefined()
  })
})
