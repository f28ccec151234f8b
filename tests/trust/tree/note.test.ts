import { describe, expect, it } from 'vitest'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { publicKey, signerOf, verifiersOf } from '../../../src/trust/keys/signing-keys.ts'
import { parseCheckpoint } from '../../../src/trust/tree/checkpoint.ts'
import { openNote, signNote } from '../../../src/trust/tree/note.ts'

const AT = new Date('2026-01-01T00:00:00Z')
const { deliveries } = createKeyRing(AT)
const signer = signerOf(deliveries, AT)
const keys = [...verifiersOf(deliveries).values()]
const strangers = [...verifiersOf(createKeyRing(AT).deliveries).values()]
const TEXT = 'gerbang.example/batches/1\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'

describe('a signed note', () => {
  it('opens as the one in the documentation of Go does', () => {
    const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    const signature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
    const encoded = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1)
    const key = publicKey(encoded.toString('base64url'))
    expect(openNote(`${text}\n— PeterNeumann ${signature}\n`, 'PeterNeumann', [key])).toBe(text)
  })

  it('opens under its name with its key, beside signatures of others, and in no other way', () => {
    const note = signNote(TEXT, 'gerbang.example', signer)
    const other = signNote(TEXT, 'saksi.example', signerOf(createKeyRing(AT).deliveries, AT)).split('\n\n')[1]
    expect(openNote(note, 'gerbang.example', keys)).toBe(TEXT)
    expect(openNote(`${note}${other}`, 'gerbang.example', [...strangers, ...keys])).toBe(TEXT)
    expect(openNote(note, 'lain.example', keys)).toBeUndefined()
    expect(openNote(note, 'gerbang.example', strangers)).toBeUndefined()
    expect(openNote(note.replace('\n3\n', '\n4\n'), 'gerbang.example', keys)).toBeUndefined()
    expect(openNote(TEXT, 'gerbang.example', keys)).toBeUndefined()
    expect(openNote(note.trimEnd(), 'gerbang.example', keys)).toBeUndefined()
  })

  it('holds a checkpoint of three lines, with a size as numbers are written and a whole hash', () => {
    expect(parseCheckpoint(TEXT)).toMatchObject({ origin: 'gerbang.example/batches/1', size: 3 })
    for (const bad of ['', 'a\n03\nCsUY\n', TEXT.replace('3', '-1'), `${TEXT}more\n`, TEXT.replace('CsUY', '')])
      expect(parseCheckpoint(bad)).toBeUndefined()
  })
})
