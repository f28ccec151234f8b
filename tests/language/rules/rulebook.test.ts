import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import type { Finding } from '../../../src/domain/finding.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'
import { compiled, everything } from './book.ts'

type Given = { keluarga?: Partial<CanonicalRecord>; individu?: Partial<CanonicalRecord>[] }

function records({ keluarga, individu = [] }: Given): CanonicalRecord[] {
  const family: CanonicalRecord[] = keluarga ? [{ level: 'keluarga', key: 'F', path: '', fields: {}, ...keluarga }] : []
  const members = individu.map(
    (member, i): CanonicalRecord => ({ level: 'individu', key: `P${i}`, path: `/anggota/${i}`, fields: {}, ...member }),
  )
  return [...family, ...members]
}

function found(
  given: Given,
  carries: string[],
  options: { members?: boolean; day?: string; before?: Finding[] } = {},
): string[] {
  const findings = [...(options.before ?? [])]
  const check = compiled.forDataset(
    new Set(carries),
    options.members ?? false,
    (_, field) => `/${field}`,
    new GeneratedCode('test').under('rules'),
  )
  check(records(given), options.day, findings)
  return findings.map(({ code, path }) => `${code} ${path}`)
}

describe('applicability', () => {
  it('is silent about a variable that the dataset does not carry', () => {
    const family = { keluarga: { fields: { status_kepemilikan_rumah: '1' } } }
    const owned = ['keluarga.status_kepemilikan_rumah']
    expect(found(family, owned)).toEqual([])
    expect(found(family, [...owned, 'keluarga.kd_sertiv_lahan_milik'])).toEqual(['R301B-LEWAT /kd_sertiv_lahan_milik'])
  })

  it('derives an age that is compared from the birth date, but never asks for it', () => {
    const baby = { individu: [{ fields: { tanggal_lahir: '2022-07-01' } }] }
    const carries = ['individu.tanggal_lahir', 'individu.kondisi_gizi']
    expect(found(baby, carries, { day: '2025-06-30' })).toEqual(['R427-LEWAT /anggota/0/kondisi_gizi'])
    expect(found(baby, carries, { day: '2027-07-01' })).toEqual([])
    expect(found(baby, carries)).toEqual([])
  })

  it('takes the reference date of the record, then that of the dataset, and the day of the visit only without them', () => {
    const carries = ['individu.tanggal_lahir', 'keluarga.tanggal_pendataan']
    const person = { fields: { tanggal_lahir: '2024-05-05' } }
    const visited = { keluarga: { fields: { tanggal_pendataan: '2024-05-04' } } }
    expect(
      found({ individu: [{ ...person, asOf: '2025-01-01' }], ...visited }, carries, { day: '2023-01-01' }),
    ).toEqual([])
    expect(found({ individu: [person], ...visited }, carries, { day: '2025-01-01' })).toEqual([])
    expect(found({ individu: [person], ...visited }, carries)).toEqual(['TGL-02 /anggota/0/tanggal_lahir'])
  })

  it('looks over a family only where the entry holds all of its members', () => {
    const twoHeads = { keluarga: {}, individu: [1, 2].map(() => ({ fields: { status_hubungan_keluarga: '1' } })) }
    const carries = ['individu.status_hubungan_keluarga']
    expect(found(twoHeads, carries, { members: true })).toEqual(['STR-01 '])
    expect(found(twoHeads, carries, { members: false })).toEqual([])
  })
})

describe('an empty field', () => {
  const carries = ['keluarga.jenis_lantai_terluas', 'keluarga.fasilitas_bab', 'keluarga.jenis_kloset']

  it('is not missing where the source code is ambiguous', () => {
    const family = { keluarga: { candidates: { jenis_lantai_terluas: ['1', '2'], fasilitas_bab: ['5', '6'] } } }
    expect(found(family, carries)).toEqual([])
  })

  it('decides a condition where all candidates agree', () => {
    const used = { keluarga: { fields: { jenis_lantai_terluas: '1' }, candidates: { fasilitas_bab: ['2', '3'] } } }
    expect(found(used, carries)).toEqual(['R309B-LEWAT /jenis_kloset'])
    const perhaps = { keluarga: { fields: { jenis_lantai_terluas: '1' }, candidates: { fasilitas_bab: ['3', '5'] } } }
    expect(found(perhaps, carries)).toEqual([])
  })

  it('has no second finding where a converter said why it is empty', () => {
    const before: Finding[] = [{ code: 'code-unmapped', severity: 'warning', path: '/jenis_lantai_terluas' }]
    const family = { keluarga: { fields: { fasilitas_bab: '6' } } }
    expect(found(family, carries)).toEqual(['R303-ISI /jenis_lantai_terluas'])
    expect(found(family, carries, { before })).toEqual(['code-unmapped /jenis_lantai_terluas'])
  })
})

describe('a family with members', () => {
  const carries = [
    'individu.nomor_induk_kependudukan',
    'individu.status_hubungan_keluarga',
    'individu.tanggal_lahir',
    'keluarga.kode_kecamatan',
  ]
  const member = (nik: string, relation: string, born: string) => ({
    fields: { nomor_induk_kependudukan: nik, status_hubungan_keluarga: relation, tanggal_lahir: born },
  })

  it('names both members who share a NIK', () => {
    const father = member('3510130203650001', '1', '1965-03-02')
    const twice = { keluarga: { fields: { kode_kecamatan: '3510020' } }, individu: [father, { ...father }] }
    expect(found(twice, carries, { members: true })).toEqual([
      'STR-01 ',
      'STR-05 /anggota/0/nomor_induk_kependudukan',
      'STR-05 /anggota/1/nomor_induk_kependudukan',
    ])
  })

  it('cannot tell how many heads there are while a relation is empty', () => {
    const headless = { keluarga: {}, individu: [{ fields: {} }, { fields: { status_hubungan_keluarga: '3' } }] }
    const relation = ['individu.status_hubungan_keluarga']
    expect(found(headless, relation, { members: true })).toEqual([])
  })

  it('compares provinces in the scheme that NIKs are made of', () => {
    const jakarta = { kode_kecamatan: '3172020' }
    const born = member('3175096811950005', '1', '1995-11-28')
    expect(found({ keluarga: { fields: jakarta }, individu: [born] }, carries, { members: true })).toEqual([])
    const moved = member('3510136811950005', '1', '1995-11-28')
    expect(found({ keluarga: { fields: jakarta }, individu: [moved] }, carries, { members: true })).toEqual([
      'NIK-10 /anggota/0/nomor_induk_kependudukan',
    ])
    const unknown = { keluarga: { fields: { kode_kecamatan: '9999999' } }, individu: [moved] }
    expect(found(unknown, carries, { members: true })).toEqual([])
  })
})

it('gives a text for every code it can say', () => {
  const check = compiled.forDataset(
    everything,
    true,
    (_, field) => `/${field}`,
    new GeneratedCode('test').under('rules'),
  )
  const findings: Finding[] = []
  check(records({ keluarga: {}, individu: [{}] }), '2025-06-30', findings)
  expect(findings.length).toBeGreaterThan(20)
  for (const { code } of findings) expect(compiled.findings[code]).toMatchObject({ id: /./, en: /./ })
})
