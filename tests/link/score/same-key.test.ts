import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import { featuresOf } from '../../../src/link/compare/features.ts'
import { isOtherFamily, isOtherPerson } from '../../../src/link/score/same-key.ts'
import { readSamplePeople } from '../sample-people.ts'
import { scoringModel } from '../support.ts'

const { model } = scoringModel
const SITI = {
  nama: 'SITI AMINAH',
  tanggal_lahir: '1982-01-09',
  jenis_kelamin: '2',
  nomor_induk_kependudukan: '3174014901820002',
}
const of = (fields: CanonicalRecord['fields']) => featuresOf({ level: 'individu', key: '', path: '', fields }, 'p|d')

describe('a person under a key that is known', () => {
  it.for([
    ['a name in another spelling', { nama: 'SITTI AMINA' }],
    ['another name altogether', { nama: 'WULANDARI' }],
    ['another birth date', { tanggal_lahir: '1985-07-23' }],
    ['another sex', { jenis_kelamin: '1' }],
    ['another number', { nomor_induk_kependudukan: '3174014901820017' }],
    ['another number and birth date', { nomor_induk_kependudukan: '3174016307850002', tanggal_lahir: '1985-07-23' }],
    ['another name and sex', { nama: 'WULANDARI', jenis_kelamin: '1' }],
  ] as [string, CanonicalRecord['fields']][])('is the same one with %s', ([, changed]) => {
    expect(isOtherPerson(of(SITI), of({ ...SITI, ...changed }), model)).toBe(false)
  })

  it.for([
    [
      'name, birth date, sex and number',
      {
        nama: 'WAGIMAN',
        tanggal_lahir: '1961-02-11',
        jenis_kelamin: '1',
        nomor_induk_kependudukan: '3174011102610001',
      },
    ],
    [
      'name, birth date and number of the same sex',
      { nama: 'WULANDARI', tanggal_lahir: '1961-02-11', nomor_induk_kependudukan: '3174015102610001' },
    ],
    ['name and birth date under the same number', { nama: 'WULANDARI', tanggal_lahir: '1961-02-11' }],
    ['name and number of a twin', { nama: 'WULANDARI', nomor_induk_kependudukan: '3174014901820067' }],
  ] as [string, CanonicalRecord['fields']][])('is another one by %s', ([, changed]) => {
    expect(isOtherPerson(of(SITI), of({ ...SITI, ...changed }), model)).toBe(true)
  })

  it('is another one without numbers when name and birth date both differ', () => {
    const { nomor_induk_kependudukan: _, ...siti } = SITI
    expect(isOtherPerson(of(siti), of({ ...siti, nama: 'WULANDARI', tanggal_lahir: '1961-02-11' }), model)).toBe(true)
    expect(isOtherPerson(of(siti), of({ ...siti, nama: 'WULANDARI' }), model)).toBe(false)
  })
})

it('takes the records of one person in the samples for the same, and those of two for others', async () => {
  const people = await readSamplePeople()
  const byPerson = Map.groupBy(people, ({ person }) => person)
  const own = { pairs: 0, others: 0 }
  const strange = { pairs: 0, others: 0 }
  for (const records of byPerson.values()) {
    for (const [at, { features }] of records.entries()) {
      for (const other of records.slice(at + 1)) {
        own.pairs += 1
        own.others += Number(isOtherPerson(features, other.features, model))
      }
    }
  }
  people.forEach(({ features, person }, at) => {
    for (const step of [1, 2, 3, 101]) {
      const other = people[(at + step) % people.length]
      if (other === undefined || other.person === person) continue
      strange.pairs += 1
      strange.others += Number(isOtherPerson(features, other.features, model))
    }
  })
  console.log('of one person', own, 'of two', strange)
  expect(own.others / own.pairs).toBeLessThan(0.001)
  expect(strange.others / strange.pairs).toBeGreaterThan(0.99)
})

describe('a family under a key that is known', () => {
  const family = (fields: CanonicalRecord['fields'], headNik?: string): CanonicalRecord => ({
    level: 'keluarga',
    key: 'F',
    path: '',
    fields,
    ...(headNik !== undefined && { headNik }),
  })
  const ONE = {
    nomor_kartu_keluarga: '3174010101100001',
    nama_anggota_keluarga: 'SLAMET',
    kode_kelurahan_desa: '3172020004',
    alamat: 'JL. MAWAR NO. 1',
  }
  const TWO = {
    nomor_kartu_keluarga: '3174010101100002',
    nama_anggota_keluarga: 'WAGIMAN',
    kode_kelurahan_desa: '3172020004',
    alamat: 'JL. KENANGA NO. 7',
  }

  it.for([
    ['a new card', { nomor_kartu_keluarga: TWO.nomor_kartu_keluarga }],
    ['a new head', { nama_anggota_keluarga: TWO.nama_anggota_keluarga }],
    ['a new house', { alamat: TWO.alamat, kode_kelurahan_desa: '3172020005' }],
    ['a new card and head', { nomor_kartu_keluarga: TWO.nomor_kartu_keluarga, nama_anggota_keluarga: 'WAGIMAN' }],
    ['a new card and house', { nomor_kartu_keluarga: TWO.nomor_kartu_keluarga, alamat: TWO.alamat }],
  ] as [string, CanonicalRecord['fields']][])('is the same one with %s', ([, changed]) => {
    expect(isOtherFamily(family(ONE), family({ ...ONE, ...changed }))).toBe(false)
  })

  it('is another one when card, head and house differ', () => {
    expect(isOtherFamily(family(ONE), family(TWO))).toBe(true)
    expect(isOtherFamily(family(ONE, '3174010101800001'), family(TWO, '3174010101800001'))).toBe(false)
  })
})
