import { expect, it } from 'vitest'
import { contentOf } from '../../../src/domain/content.ts'
import type { CanonicalRecord, CleanEntry } from '../../../src/domain/entry.ts'
import { readCleanedText, writeCleaned } from '../../../src/engine/chunks/cleaned-text.ts'

const FAMILY: CanonicalRecord = {
  level: 'keluarga',
  key: 'F-1',
  path: '',
  fields: { alamat: 'Jl. Melati\n3 "B"', kode_kelurahan_desa: '3174010001' },
}
const MEMBER: CanonicalRecord = {
  level: 'individu',
  key: 'M-1',
  path: '/anggota/0',
  fields: { nama: 'SITI', umur: 30 },
}
const ENTRIES: CleanEntry[] = [
  { line: 2, key: null, verdict: 'rejected', findings: [], records: [] },
  { line: 3, key: 'F-1', verdict: 'accepted', findings: [], records: [FAMILY, MEMBER] },
]
const READ = [
  { line: 2, key: null, verdict: 'rejected', records: [] },
  {
    line: 3,
    key: 'F-1',
    verdict: 'accepted',
    records: [FAMILY, MEMBER].map((record) => {
      const { level, key, path } = record
      return { level, key, path, content: contentOf(record, FAMILY) }
    }),
  },
]

it('reads what it wrote, whatever breaks of lines the values have', () => {
  expect(readCleanedText(writeCleaned(ENTRIES))).toEqual(READ)
})

it('reads the array that chunks were written as before', () => {
  expect(readCleanedText(JSON.stringify(ENTRIES))).toEqual(READ)
})

it('throws on a text that breaks off', () => {
  const text = writeCleaned(ENTRIES)
  expect(() => readCleanedText(text.slice(0, text.lastIndexOf('\n')))).toThrow(RangeError)
})
