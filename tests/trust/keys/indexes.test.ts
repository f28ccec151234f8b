import { describe, expect, it } from 'vitest'
import {
  createKeyRing,
  indexKeysOf,
  parseKeyRing,
  rotateIndexKey,
  rotateKeyRing,
  withoutIndexKeys,
} from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const START = new Date('2026-01-01T00:00:00Z')
const ring = createKeyRing(START)
const two = rotateIndexKey(ring, START)
const versionsOf = (of: typeof ring) => indexKeysOf(of).map(({ version }) => version)

describe('the index keys of a ring', () => {
  it('begin with one that has no secret', () => {
    expect(indexKeysOf(ring)).toEqual([{ version: 1 }])
  })

  it('are two while the index key rotates, and no more', () => {
    expect(versionsOf(two)).toEqual([1, 2])
    expect(() => rotateIndexKey(two, START)).toThrow(expect.objectContaining({ code: 'index-rotation-open' }))
  })

  it('lose those before the one that works, and go on from there', () => {
    const left = withoutIndexKeys(two, 2)
    expect(versionsOf(left)).toEqual([2])
    expect(withoutIndexKeys(two, 1)).toBe(two)
    expect(versionsOf(rotateIndexKey(left, START))).toEqual([2, 3])
  })

  it('stay when seal keys rotate, and survive a file', () => {
    expect(rotateKeyRing(two, START).indexKeys).toEqual(two.indexKeys)
    expect(parseKeyRing(JSON.stringify(two), 'here')).toEqual(two)
  })

  it.each([
    ['a later one without a key', [{ version: 2 }]],
    ['a first one with a key', [{ version: 1, key: 'A'.repeat(43) }]],
    ['two that do not follow each other', [{ version: 1 }, { version: 3, key: 'A'.repeat(43) }]],
  ])('are refused as %s', (_, indexKeys) => {
    expect(() => parseKeyRing(JSON.stringify({ ...ring, indexKeys }), 'here')).toThrow(
      expect.objectContaining({ code: 'key-ring-invalid' }),
    )
  })
})

describe('an index', () => {
  const before = openVault(ring)

  it('is that of the ring before, until the new key is to be used', () => {
    const vault = openVault(two)
    expect(vault.indexText('nik', 'x')).toBe(before.indexText('nik', 'x'))
    vault.useIndexKey(2)
    expect(vault.indexText('nik', 'x')).not.toBe(before.indexText('nik', 'x'))
    expect(vault.lastingOf(vault.indexText('nik', 'x'))).toBe(before.indexText('nik', 'x'))
  })

  it('has two forms while the ring has two keys, else one', () => {
    const vault = openVault(two)
    const forms = vault.indexForms('key', 'x')
    expect(forms).toHaveLength(2)
    vault.useIndexKey(2)
    expect(new Set(vault.indexForms('key', 'x').map(String))).toEqual(new Set(forms.map(String)))
    expect(vault.indexForms('key', 'x')).toContainEqual(vault.index('key', 'x'))
    expect(openVault(withoutIndexKeys(two, 2)).indexForms('key', 'x')).toHaveLength(1)
  })

  it('of a secret, and a lasting text, stay as they are', () => {
    const vault = openVault(two)
    vault.useIndexKey(2)
    expect(vault.indexText('secret', 'x')).toBe(before.indexText('secret', 'x'))
    expect(vault.lastingText('key', 'x')).toBe(before.indexText('key', 'x'))
  })

  it('under a key that the ring lacks is refused, until the ring was read anew', () => {
    const held = { ...ring }
    let now = 0
    const vault = openVault(
      held,
      () => now,
      () => Object.assign(held, now > 0 ? two : ring),
    )
    expect(() => vault.useIndexKey(2)).toThrow(expect.objectContaining({ code: 'keys-outdated' }))
    expect(vault.indexText('nik', 'x')).toBe(before.indexText('nik', 'x'))
    now = 2000
    vault.useIndexKey(2)
    expect(vault.newestIndexKey()).toBe(2)
  })
})
