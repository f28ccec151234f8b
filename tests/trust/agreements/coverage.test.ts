import { expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import { type CoveredFields, coverageOf, fieldsOutside, narrow } from '../../../src/trust/agreements/coverage.ts'

const covered = (...keys: string[]): CoveredFields => {
  const of = (level: string) =>
    new Set(keys.filter((key) => key.startsWith(level)).map((key) => key.split('.')[1] ?? ''))
  return { keluarga: of('keluarga.'), individu: of('individu.') }
}
const PERSON: CanonicalRecord & { village: string; address: string } = {
  level: 'individu',
  key: 'k',
  path: '/anggota/0',
  fields: { nama: 'CONTOH', tanggal_lahir: '1990-01-01', kode_kecamatan: '5101021' },
  extensions: { suku: 'x' },
  candidates: { tanggal_lahir: ['a'], nama: ['b'] },
  inferred: ['tanggal_lahir'],
  findings: { nama: ['one'], tanggal_lahir: ['two'], region: ['three'] },
  asOf: '2026-01-01',
  region: '5101021',
  household: { scheme: 's', key: 'h' },
  headNik: '5101010703760001',
  village: '5101021006',
  address: 'JL. CONTOH',
}

it('keeps of a record what is covered, with what is said of it', () => {
  expect(narrow(PERSON, covered('individu.nama'))).toEqual({
    level: 'individu',
    key: 'k',
    path: '/anggota/0',
    fields: { nama: 'CONTOH' },
    candidates: { nama: ['b'] },
    findings: { nama: ['one'] },
    asOf: '2026-01-01',
    household: { scheme: 's', key: 'h' },
  })
})

it('keeps the place of a person where that of the family is covered', () => {
  const { fields, region, village, address, findings } = narrow(
    PERSON,
    covered('keluarga.kode_kelurahan_desa', 'keluarga.kode_kecamatan'),
  )
  expect({ fields, region, village, address, findings }).toEqual({
    fields: { kode_kecamatan: '5101021' },
    region: '5101021',
    village: '5101021006',
    address: undefined,
    findings: { region: ['three'] },
  })
})

it('names the filled fields that are not covered, and values without a canonical home by an empty name', () => {
  expect(fieldsOutside(PERSON, covered('individu.nama'))).toEqual(['tanggal_lahir', 'kode_kecamatan', ''])
  const plain: CanonicalRecord = { level: 'individu', key: '', path: '', fields: { nama: 'CONTOH' } }
  expect(fieldsOutside(plain, covered('individu.nama'))).toEqual([])
})

it('binds a platform by the agreement of the day, and nobody whom it does not know', () => {
  const agreement = {
    number: 'PKS',
    parties: [],
    purpose: '',
    legalBasis: [],
    validFrom: '2025-01-01',
    validTo: '2025-12-31',
    fields: ['individu.nama'],
  }
  const later = { ...agreement, version: 2, validFrom: '2026-01-01', validTo: '2026-12-31', fields: '*' as const }
  const platform = {
    name: 'utara',
    title: '',
    scope: [],
    datasets: [],
    contact: '',
    earlier: [agreement],
    agreement: later,
  }
  let now = new Date('2025-06-01T00:00:00Z')
  const coverage = coverageOf(new Map([['utara', platform]]), () => now)
  expect(coverage('utara')?.individu).toEqual(new Set(['nama']))
  expect(coverage('titian')).toBeUndefined()
  now = new Date('2026-06-01T00:00:00Z')
  expect(coverage('utara')).toBeUndefined()
})
