import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenNumbers } from '../../../src/trust/keys/hidden-number.ts'

const key = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const number = fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }).map((value) => value.toString().padStart(16, '0'))

describe('a hidden number', () => {
  it('is 16 hexadecimal digits, and shown again under its key', () => {
    fc.assert(
      fc.property(key, number, (secret, plain) => {
        const { hide, show } = hiddenNumbers(() => secret)
        expect(hide(plain)).toMatch(/^[0-9a-f]{16}$/)
        expect(show(hide(plain))).toBe(plain)
      }),
    )
  })

  it('is no number, or another one, under another key', () => {
    fc.assert(
      fc.property(key, key, number, (one, other, plain) => {
        fc.pre(one !== other)
        expect(hiddenNumbers(() => other).show(hiddenNumbers(() => one).hide(plain))).not.toBe(plain)
      }),
    )
  })

  it('is hidden under another key without being known', () => {
    fc.assert(
      fc.property(key, key, number, (one, other, plain) => {
        const [from, to] = [hiddenNumbers(() => one), hiddenNumbers(() => other)]
        expect(to.wrap(from.unwrap(from.hide(plain)))).toBe(to.hide(plain))
      }),
    )
  })
})
