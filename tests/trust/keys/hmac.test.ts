import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hmacWith } from '../../../src/trust/keys/hmac.ts'

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
// Around the longest text that is written into the room there is, of letters of one, two and three bytes.
const long = fc
  .tuple(fc.constantFrom('A', 'é', '’', '😀'), fc.integer({ min: 1000, max: 5000 }), fc.string())
  .map(([letter, count, rest]) => `${letter.repeat(count)}${rest}`)

it('is the HMAC-SHA-256 of RFC 2104 of every text, whatever was hashed before it', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.oneof(fc.string({ unit: 'binary' }), long), { maxLength: 20 }), (key, texts) => {
      const hmac = hmacWith(Buffer.from(key))
      for (const text of texts) expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
    }),
  )
})
