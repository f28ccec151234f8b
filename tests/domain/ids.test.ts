import { describe, expect, it } from 'vitest'
import { idFrom, millisecondsOf } from '../../src/domain/ids.ts'
import { idSource } from '../../src/io/ids.ts'

const RANDOM = Buffer.from('000102030405060708090a0b0c0d0eff', 'hex')

describe('an id', () => {
  it('is the time and the random bits in Crockford base 32', () => {
    expect(idFrom('per', 0, RANDOM)).toBe('per_00000000000123456789abcdez')
    expect(idFrom('fam', 2 ** 48 - 1, RANDOM)).toBe('fam_7zzzzzzzzz0123456789abcdez')
    expect(idFrom('bat', 1_795_891_200_123, RANDOM).slice(0, 14)).toBe('bat_01m8hqa03v')
  })

  it.each([0, 1, 31, 32, 2 ** 25 - 1, 2 ** 25, 2 ** 31, 1_795_891_200_123, 2 ** 48 - 1])(
    'says that it was drawn at %d ms',
    (at) => {
      expect(millisecondsOf(idFrom('per', at, RANDOM))).toBe(at)
    },
  )

  it('is drawn once, however many are drawn', () => {
    const draw = idSource()
    const ids = Array.from({ length: 2000 }, () => draw('per'))
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length)
    expect(ids.every((id) => /^per_[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true)
  })
})
