import fc from 'fast-check'
import { expect, it } from 'vitest'
import { consistencyProof, isConsistent, type RangeRoot } from '../../../src/trust/tree/consistency.ts'
import { leafHash, rootOf, TreeHasher } from '../../../src/trust/tree/merkle.ts'

// The test tree of RFC 9162 and of Certificate Transparency's reference code.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (data) => leafHash(Buffer.from(data, 'hex')),
)
const rangeOf =
  (leaves: readonly Buffer[]): RangeRoot =>
  (from, to) =>
    rootOf(leaves.slice(from, to))

it.each<[old: number, size: number, proof: string[]]>([
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
])('proves that %i leaves are the first of %i as the reference does', (old, size, expected) => {
  const proof = consistencyProof(old, size, rangeOf(LEAVES))
  expect(proof.map((one) => one.toString('hex'))).toEqual(expected)
})

it('holds for every pair of sizes, and for no other root, size or proof', () => {
  const leaves = Array.from({ length: 70 }, (_, at) => leafHash(Buffer.from(String(at))))
  const mth = rangeOf(leaves)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), fc.nat(), (a, b, pick) => {
      const [first, second] = a < b ? [a, b] : [b, a]
      const [old, now] = [first, second].map((size) => ({ size, root: mth(0, size) })) as [
        { size: number; root: Buffer },
        { size: number; root: Buffer },
      ]
      const proof = consistencyProof(first, second, mth)
      expect(isConsistent(old, now, proof)).toBe(true)
      const other = leafHash(Buffer.from('other'))
      expect(isConsistent({ ...old, root: other }, now, proof)).toBe(false)
      expect(isConsistent(old, { ...now, root: other }, proof)).toBe(false)
      expect(isConsistent(old, now, [...proof, other])).toBe(false)
      if (proof.length > 0) expect(isConsistent(old, now, proof.with(pick % proof.length, other))).toBe(false)
      if (first < second) expect(isConsistent(now, old, proof)).toBe(false)
    }),
  )
})

it('makes one root of blocks and the leaves after them', () => {
  const leaves = Array.from({ length: 21 }, (_, at) => leafHash(Buffer.from(String(at))))
  for (let size = 0; size <= leaves.length; size += 1) {
    const [blocks, tail] = [new TreeHasher(), new TreeHasher()]
    const whole = Math.floor(size / 4) * 4
    for (let at = 0; at < whole; at += 4) blocks.add(rootOf(leaves.slice(at, at + 4)))
    for (const leaf of leaves.slice(whole, size)) tail.add(leaf)
    expect(blocks.root(tail)).toEqual(rootOf(leaves.slice(0, size)))
  }
})
