import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leafHash, pathOf, rootFromPath, rootOf } from '../../../src/trust/tree/merkle.ts'

/** Leaves and roots of the reference implementation of Certificate Transparency. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leavesOf = (count: number) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)))

describe('a Merkle tree (RFC 6962)', () => {
  it.for(ROOTS.map((root, size) => [size, root] as const))('of %i leaves has the published root', ([size, root]) => {
    const hashes = LEAVES.slice(0, size).map((hex) => leafHash(Buffer.from(hex, 'hex')))
    expect(rootOf(hashes).toString('hex')).toBe(root)
  })

  it('is proven by the path of every leaf, and by no other place, size or shorter path', () => {
    const place = fc.integer({ min: 1, max: 70 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    fc.assert(
      fc.property(place, ([size, index]) => {
        const leaves = leavesOf(size)
        const leaf = leaves[index] as Buffer
        const root = rootOf(leaves)
        const path = pathOf(leaves, index)
        expect(rootFromPath(leaf, index, size, path)).toEqual(root)
        expect(rootFromPath(leaf, size, size, path)).toBeUndefined()
        if (path.length > 0) expect(rootFromPath(leaf, index, size, path.slice(1))).not.toEqual(root)
        expect(rootFromPath(leaf, index, size, [...path, root])).toBeUndefined()
        for (let other = 0; other < size; other += 1)
          if (other !== index) expect(rootFromPath(leaf, other, size, path)).not.toEqual(root)
      }),
      { numRuns: 60 },
    )
  })

  it('is the tree of the roots of its blocks, when the blocks are of a power of two', () => {
    const leaves = leavesOf(37)
    const blocks = [0, 8, 16, 24, 32].map((from) => leaves.slice(from, from + 8))
    expect(rootOf(blocks.map(rootOf))).toEqual(rootOf(leaves))
    const roots = blocks.map(rootOf)
    expect([...pathOf(blocks[4] as Buffer[], 3), ...pathOf(roots, 4)]).toEqual(pathOf(leaves, 35))
  })
})
