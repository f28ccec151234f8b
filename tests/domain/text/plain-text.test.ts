import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainText } from '../../../src/domain/text/plain-text.ts'

it('says the same, whatever the text', () => {
  const odd = fc.constantFrom('', '__proto__', 'constructor', '12345678901', '4294967295', '\ud800', 'Ã«'.repeat(9))
  fc.assert(
    fc.property(fc.oneof(odd, fc.string({ unit: 'binary' })), (text) => {
      const long = `kota ${text} kota`
      expect([plainText(text), plainText(long.slice(5, -5)), plainText(long)]).toEqual([text, text, long])
    }),
  )
})
