import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DICTIONARY } from '../../../src/link/subjects/sealed-record/dictionary.ts'
import { readRecordText, writeRecordText } from '../../../src/link/subjects/sealed-record/record-text.ts'

const RECORD = {
  path: '/anggota/0',
  village: '3173060007',
  level: 'individu',
  key: 'IDV-1',
  fields: { nomor_induk_kependudukan: '3171032812760001', nama: 'RADI TOLASYA', tanggal_lahir: '1976-12-28' },
  extensions: { tempat_lahir: 'JAKARTA', '"nama': '"nama":', desa: 'Ampel,"nama":"' },
  asOf: '2025-05-11',
}

describe('the text of a record', () => {
  it('comes back as it was, whatever it says', () => {
    const odd = fc.constantFrom(...DICTIONARY, '\u0001!', '\u001f~', '\\', '"', '\ud800')
    const word = fc.oneof(fc.string({ unit: 'binary' }), odd)
    fc.assert(
      fc.property(fc.dictionary(word, fc.oneof(word, fc.jsonValue())), (record) => {
        const json = JSON.stringify(record)
        expect(readRecordText(writeRecordText(json).toString())).toBe(json)
      }),
    )
  })

  it('is shorter than its JSON, and keeps every value', () => {
    const json = JSON.stringify(RECORD)
    const kept = writeRecordText(json).toString()
    expect(JSON.parse(readRecordText(kept))).toEqual(RECORD)
    expect(kept.length).toBeLessThan(json.length * 0.65)
    for (const value of ['3171032812760001', 'RADI TOLASYA', 'JAKARTA']) expect(kept).toContain(value)
  })

  it('of a record that was kept before is what it is', () => {
    const json = JSON.stringify(RECORD)
    expect(readRecordText(json)).toBe(json)
  })
})

describe('the dictionary of records', () => {
  it('knows every canonical variable', async () => {
    const file = join(import.meta.dirname, '../../../src/registry/canonical/variables.json')
    const { variables } = JSON.parse(await readFile(file, 'utf8')) as { variables: { name: string }[] }
    const missing = variables.filter(({ name }) => !DICTIONARY.includes(`"${name}":`))
    expect(missing).toEqual([])
  })

  it('holds each text once, and has a sign for each', () => {
    expect(new Set(DICTIONARY).size).toBe(DICTIONARY.length)
    expect(DICTIONARY.length).toBeLessThan(31 * 94)
  })

  it('keeps the places by which records are stored', () => {
    const places = createHash('sha256').update(DICTIONARY.slice(0, 175).join('\n')).digest('hex')
    expect([DICTIONARY.length, places]).toEqual([
      175,
      'cba238f6807821ffae021302ec89c8f2506544e369498ca104f986725ca6288b',
    ])
  })
})
