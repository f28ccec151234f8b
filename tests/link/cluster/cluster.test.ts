import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cluster, type Edge } from '../../../src/link/cluster/cluster.ts'

const canonical = (groups: number[][]) =>
  groups
    .map((group) => group.toSorted((a, b) => a - b))
    .sort()
    .map(String)

function grouped(size: number, edges: Edge[]): string[] {
  const weight = new Map(edges.map(({ a, b, weight }) => [`${Math.min(a, b)},${Math.max(a, b)}`, weight]))
  const weightOf = (a: number, b: number) => weight.get(`${Math.min(a, b)},${Math.max(a, b)}`) ?? 0
  const strong = edges.filter((edge) => edge.weight >= 6)
  return canonical(cluster(size, strong, weightOf, -4)).sort()
}

it('joins what is linked, also over others', () => {
  const edges = [
    { a: 0, b: 1, weight: 10 },
    { a: 1, b: 2, weight: 8 },
  ]
  expect(grouped(4, edges)).toEqual(['0,1,2', '3'])
})

it('gives a twin without a number to the one it is more like, and keeps the twins apart', () => {
  const edges = [
    { a: 0, b: 1, weight: -100 },
    { a: 0, b: 2, weight: 14 },
    { a: 1, b: 2, weight: 20 },
  ]
  expect(grouped(3, edges)).toEqual(['0', '1,2'])
})

it('does not depend on the order of the evidence', () => {
  const edge = fc.record({ a: fc.nat(6), b: fc.nat(6), weight: fc.integer({ min: -10, max: 30 }) })
  const edges = fc.uniqueArray(
    edge.filter(({ a, b }) => a < b),
    { selector: ({ a, b }) => a * 10 + b, maxLength: 15 },
  )
  fc.assert(
    fc.property(
      edges.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        expect(grouped(7, shuffled)).toEqual(grouped(7, all))
      },
    ),
  )
})
