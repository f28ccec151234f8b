import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { cosign, formatWitness, openCosignature, parseWitness } from '../../../src/trust/tree/cosignature.ts'

const TEXT = 'titian.example/audit\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
const { privateKey } = generateKeyPairSync('ed25519')
const witness = { name: 'bps.example/saksi', key: createPublicKey(privateKey) }
const line = cosign(TEXT, { ...witness, key: privateKey }, 1_790_000_000)

it('is opened by the witness’s key, with its time', () => {
  expect(openCosignature(TEXT, line, [witness])).toEqual({ witness: witness.name, seconds: 1_790_000_000, line })
})

it.each([
  ['another text', `${TEXT}x\n`, line, [witness]],
  ['a witness that nobody knows', TEXT, line, []],
  ['another name', TEXT, line.replace('bps', 'bpx'), [witness, { ...witness, name: 'bpx.example/saksi' }]],
  ['another key of the name', TEXT, line, [{ ...witness, key: generateKeyPairSync('ed25519').publicKey }]],
  ['half a line', TEXT, line.slice(0, 40), [witness]],
])('is not opened with %s', (_, text, given, witnesses) => {
  expect(openCosignature(text, given, witnesses)).toBeUndefined()
})

it('is of a witness whose verifier key is read back as it was written', () => {
  const text = formatWitness(witness)
  const read = parseWitness(`${text}\n`)
  expect(read?.name).toBe(witness.name)
  expect(openCosignature(TEXT, line, read ? [read] : [])).toBeDefined()
  expect(parseWitness(text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeUndefined()
  expect(parseWitness('bps.example')).toBeUndefined()
})
