import { describe, expect, it } from 'vitest'
import { base32, otpauthUri, totpCode, totpStep, totpStepOf } from '../../../src/trust/people/totp.ts'

const SECRET = Buffer.from('12345678901234567890')

describe('a code of the second factor', () => {
  // RFC 6238, appendix B, the rows of SHA-1.
  it.for([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const)('at %i seconds is the one of RFC 6238', ([seconds, code]) => {
    expect(totpCode(SECRET, totpStep(seconds * 1000), 8)).toBe(code)
  })

  // RFC 4226, appendix D.
  it.for(
    ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
      .entries()
      .toArray(),
  )('of counter %i is the one of RFC 4226', ([counter, code]) => {
    expect(totpCode(SECRET, counter)).toBe(code)
  })

  it('counts one step before and after, and no further', () => {
    const now = 1_111_111_109_000
    const taken = [-2, -1, 0, 1, 2].map((off) => totpStepOf(SECRET, totpCode(SECRET, totpStep(now) + off), now))
    const step = totpStep(now)
    expect(taken).toEqual([undefined, step - 1, step, step + 1, undefined])
    for (const wrong of ['', '12345', '1234567', 'abcdef', '０８１８０４'])
      expect(totpStepOf(SECRET, wrong, now)).toBeUndefined()
  })
})

// RFC 4648, 10, without the padding.
it.for([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
] as const)('base 32 of %o is that of RFC 4648', ([text, encoded]) => {
  expect(base32(Buffer.from(text))).toBe(encoded)
})

it('an app is told issuer, name and secret in one address', () => {
  const uri = otpauthUri(SECRET, { issuer: 'Titian titian.example:8080', name: 'siti@dinas' })
  expect(uri).toBe(
    'otpauth://totp/Titian%20titian.example%3A8080:siti%40dinas?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Titian%20titian.example%3A8080&digits=6&period=30',
  )
})
