import { expect, it } from 'vitest'
import type { CleanEntry, RawEntry } from '../../../src/domain/entry.ts'
import { packEntries } from '../../../src/engine/chunks/packing.ts'
import { openCleaned, openRaw, sealCleaned, sealRaw } from '../../../src/engine/chunks/sealed-chunk.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const vault = openVault(createKeyRing(new Date()))
const HERE = { id: 'chk_1', platform: 'sumedang' }
const RAW: RawEntry[] = [
  { line: 2, form: 'object', text: '{"nama":"Siti"}' },
  { line: 9, form: 'cells', text: '["Ani",""]' },
]
const CLEANED: CleanEntry[] = [{ line: 2, key: 'a', verdict: 'held', findings: [], records: [] }]

it('opens what it sealed', async () => {
  expect(openRaw(vault, HERE, await sealRaw(vault, HERE, packEntries(RAW)))).toEqual(RAW)
  expect(openCleaned(vault, HERE, sealCleaned(vault, HERE, CLEANED))).toEqual([
    { line: 2, key: 'a', verdict: 'held', records: [] },
  ])
})

it('opens nothing of another chunk, another platform or the other column', async () => {
  const raw = await sealRaw(vault, HERE, packEntries(RAW))
  const cleaned = sealCleaned(vault, HERE, CLEANED)
  for (const elsewhere of [
    { ...HERE, id: 'chk_2' },
    { ...HERE, platform: 'jembrana' },
  ]) {
    expect(() => openRaw(vault, elsewhere, raw)).toThrow(expect.objectContaining({ code: 'sealed-invalid' }))
    expect(() => openCleaned(vault, elsewhere, cleaned)).toThrow(expect.objectContaining({ code: 'sealed-invalid' }))
  }
  expect(() => openCleaned(vault, HERE, raw)).toThrow(expect.objectContaining({ code: 'sealed-invalid' }))
  expect(() => openRaw(vault, HERE, cleaned)).toThrow(expect.objectContaining({ code: 'sealed-invalid' }))
})
