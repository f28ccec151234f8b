import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrapUnder } from '../../../src/trust/keys/index-wrap.ts'
import { decipher, encipher, roundKeys } from '../../../src/trust/keys/xtea.ts'

// Vectors that implementations of XTEA are commonly held to.
const VECTORS = [
  ['000102030405060708090a0b0c0d0e0f', '4142434445464748', '497df3d072612cb5'],
  ['000102030405060708090a0b0c0d0e0f', '4141414141414141', 'e78f2d13744341d8'],
  ['000102030405060708090a0b0c0d0e0f', '5a5b6e278948d77f', '4141414141414141'],
  ['00000000000000000000000000000000', '4142434445464748', 'a0390589f8b8efa5'],
  ['00000000000000000000000000000000', '4141414141414141', 'ed23375a821a8c2d'],
  ['00000000000000000000000000000000', '70e1225d6e4e7655', '4141414141414141'],
] as const

const blockOf = (hex: string) => {
  const bytes = Buffer.from(hex, 'hex')
  return new Int32Array([bytes.readInt32BE(0), bytes.readInt32BE(4)])
}

describe('XTEA', () => {
  it.each(VECTORS)('under %s makes %s into %s, and back', (key, plain, secret) => {
    const rounds = roundKeys(Buffer.from(key, 'hex'))
    const block = blockOf(plain)
    encipher(block, rounds)
    expect(block).toEqual(blockOf(secret))
    decipher(block, rounds)
    expect(block).toEqual(blockOf(plain))
  })
})

describe('an index key', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(Buffer.from)

  it('is taken off again, and leaves the first half of an index a blocking key of its own', () => {
    fc.assert(
      fc.property(bytes(32), bytes(16), (key, hash) => {
        const { wrap, unwrap } = wrapUnder(key)
        const plain = hash.toString('hex')
        const index = wrap(plain)
        expect(index).toMatch(/^[0-9a-f]{32}$/)
        expect(unwrap(index)).toBe(plain)
        expect(wrap(plain.slice(0, 16))).toBe(index.slice(0, 16))
      }),
    )
  })

  it('leaves what is empty empty', () => {
    expect(wrapUnder(Buffer.alloc(32, 1)).wrap('')).toBe('')
  })
})
