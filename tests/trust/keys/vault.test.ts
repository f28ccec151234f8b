import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacWith } from '../../../src/trust/keys/hmac.ts'
import { createKeyRing, INDEX_PURPOSES, rotateKeyRing } from '../../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../../src/trust/keys/vault.ts'

const START = new Date('2026-01-01T00:00:00Z')
const HERE = aad('carik-jakarta', 'source_record', 'row 1', 'sealed')
const PLAIN = Buffer.from('{"nama":"Contoh"}')

describe('openVault', () => {
  const vault = openVault(createKeyRing(START))

  it('opens what it sealed, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string({ unit: 'binary' }), (bytes, aad) => {
        expect(vault.open(vault.seal(Buffer.from(bytes), aad), aad).equals(bytes)).toBe(true)
      }),
    )
  })

  it('seals the same bytes to another text each time, which shows nothing of them', () => {
    const sealed = Array.from({ length: 1000 }, () => vault.seal(PLAIN, HERE))
    expect(new Set(sealed.map((bytes) => bytes.toString('hex'))).size).toBe(1000)
    expect(sealed.some((bytes) => bytes.includes('Contoh'))).toBe(false)
  })

  it('refuses every single altered byte', () => {
    const sealed = vault.seal(PLAIN, HERE)
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed)
      altered[i] = (altered[i] ?? 0) ^ 1
      // Bytes 1 and 2 name the key: another version may be one that this process has not been given.
      const code = i === 1 || i === 2 ? 'keys-outdated' : 'sealed-invalid'
      expect(() => vault.open(altered, HERE)).toThrow(expect.objectContaining({ code }))
    }
  })

  it('refuses every truncation and any addition', () => {
    const sealed = vault.seal(PLAIN, HERE)
    for (let length = 0; length < sealed.length; length++)
      expect(() => vault.open(sealed.subarray(0, length), HERE)).toThrow(
        expect.objectContaining({ code: 'sealed-invalid' }),
      )
    expect(() => vault.open(Buffer.concat([sealed, Buffer.alloc(1)]), HERE)).toThrow(
      expect.objectContaining({ code: 'sealed-invalid' }),
    )
  })

  it.for([
    ['sumedang', 'source_record', 'row 1', 'sealed'],
    ['carik-jakarta', 'chunk', 'row 1', 'sealed'],
    ['carik-jakarta', 'source_record', 'row 2', 'sealed'],
    ['carik-jakarta', 'source_record', 'row 1', 'raw'],
  ] as const)('refuses what was moved to %s %s %s %s', ([platform, table, row, field]) => {
    expect(() => vault.open(vault.seal(PLAIN, HERE), aad(platform, table, row, field))).toThrow(
      expect.objectContaining({ code: 'sealed-invalid' }),
    )
  })

  it('refuses what another installation sealed', () => {
    const foreign = openVault(createKeyRing(START)).seal(PLAIN, HERE)
    expect(() => vault.open(foreign, HERE)).toThrow(expect.objectContaining({ code: 'sealed-invalid' }))
  })

  it('draws a new data key after 10,000 seals and after ten minutes', () => {
    let now = START.getTime()
    const timed = openVault(createKeyRing(START), () => now)
    const saltOf = () => timed.seal(PLAIN, HERE).toString('hex', 3, 19)
    const salts = Array.from({ length: 10_001 }, saltOf)
    expect(new Set(salts.slice(0, 10_000)).size).toBe(1)
    expect(new Set(salts).size).toBe(2)
    now += 10 * 60_000
    expect(salts).not.toContain(saltOf())
  })

  it('opens under a rotated ring what the old one sealed, and seals under the new version', () => {
    const ring = createKeyRing(START)
    const old = openVault(ring)
    const sealed = old.seal(PLAIN, HERE)
    const rotated = openVault(rotateKeyRing(ring, new Date('2026-02-01T00:00:00Z')))
    expect(rotated.open(sealed, HERE).equals(PLAIN)).toBe(true)
    expect(rotated.seal(PLAIN, HERE).readUInt16BE(1)).toBe(2)
    expect(rotated.index('nik', 'x').equals(old.index('nik', 'x'))).toBe(true)
    expect(() => old.open(rotated.seal(PLAIN, HERE), HERE)).toThrow(expect.objectContaining({ code: 'keys-outdated' }))
  })

  it('gives one value another index for each purpose, and the same one twice', () => {
    const of = () => INDEX_PURPOSES.map((purpose) => vault.index(purpose, '3171000000000000').toString('hex'))
    expect(new Set(of()).size).toBe(INDEX_PURPOSES.length)
    expect(of()).toEqual(of())
    expect(vault.index('nik', '').length).toBe(16)
  })

  it('refuses a ring that lacks the key of a purpose', () => {
    const { nik: _, ...index } = createKeyRing(START).index
    expect(() => openVault({ ...createKeyRing(START), index })).toThrow(
      'the key ring has no index key for nik: run titian keys rotate',
    )
  })
})

describe('aad', () => {
  it('differs whenever a part differs', () => {
    const part = fc.string({ maxLength: 6 })
    const parts = fc.tuple(part, part, part, part)
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(aad(...a) === aad(...b)).toBe(a.every((text, i) => text === b[i]))
      }),
    )
  })
})

describe('hmacWith', () => {
  it('equals the HMAC of node:crypto on any text, also right after another', () => {
    const key = randomBytes(32)
    const hmac = hmacWith(key)
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 300, maxLength: 500 }))
    fc.assert(
      fc.property(text, (value) => {
        expect(hmac(value)).toBe(createHmac('sha256', key).update(value).digest('hex'))
      }),
    )
  })
})
