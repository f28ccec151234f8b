import { describe, expect, it } from 'vitest'
import { canSign, KEY_HOLDERS, type RingHolder, ringFor } from '../../../src/trust/keys/holders.ts'
import { createKeyRing, parseKeyRing, rotateKeyRing } from '../../../src/trust/keys/keyring.ts'
import { isOutlived, publicJwks } from '../../../src/trust/keys/signing-keys.ts'

const START = new Date('2026-01-01T00:00:00Z')
const ring = createKeyRing(START)

describe('the ring of a kind of process', () => {
  it.each<[RingHolder, boolean, boolean]>([
    ['gateway', true, false],
    ['worker', false, true],
    ['cleaner', false, false],
  ])('of a %s signs tokens %s, deliveries %s, and verifies all', (holder, tokens, deliveries) => {
    const own = ringFor(holder, ring)
    expect([canSign(own.tokens), canSign(own.deliveries)]).toEqual([tokens, deliveries])
    expect(publicJwks(own)).toEqual(publicJwks(ring))
    expect([own.seal, own.index]).toEqual([ring.seal, ring.index])
    // What it does not sign by is in no text of it, as the file that holds it would be.
    const gone = [...(tokens ? [] : ring.tokens), ...(deliveries ? [] : ring.deliveries)].map(({ d = '' }) => d)
    for (const secret of gone) expect(JSON.stringify(own)).not.toContain(secret)
    expect(parseKeyRing(JSON.stringify(own), 'here')).toEqual(own)
    expect(Object.keys(KEY_HOLDERS)).toContain(holder)
  })
})

describe('a signing key whose successor works', () => {
  it('is outlived once nothing that it signed can live', () => {
    const later = new Date('2026-02-01T00:00:00Z')
    const { tokens } = rotateKeyRing(ring, later)
    const [old = '', young = ''] = tokens.map(({ kid }) => kid)
    const at = (seconds: number) => new Date(later.getTime() + seconds * 1000)
    expect([isOutlived(tokens, old, at(300), 300), isOutlived(tokens, old, at(301), 300)]).toEqual([false, true])
    expect(isOutlived(tokens, young, at(1e9), 300)).toBe(false)
    expect(isOutlived(ring.tokens, old, at(1e9), 300)).toBe(false)
  })
})
