import { describe, expect, it } from 'vitest'
import { EntryDraft } from '../../../src/clean/compile/entry-draft.ts'
import { checkIdentity, type IdentityPointers } from '../../../src/clean/compile/identity.ts'
import { readPlaceholders } from '../../../src/clean/converters/placeholders.ts'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'

const NIK = '3211181712590001' // of a man born on 17 December 1959
const NAME = { nama: 'UNDANG' }

const placeholders = readPlaceholders({ unproven: ['NAN'] })
const ALL = { name: '/nama', birth: '/lahir', carriesNik: true, carriesSex: true, placeholders }

function found(fields: CanonicalRecord['fields'], pointers: IdentityPointers = ALL, asOf?: string) {
  const work = new EntryDraft([], asOf, undefined)
  checkIdentity({ level: 'individu', key: '1', path: '', fields }, pointers, work)
  return work.findings.map(({ code, path }) => `${code} ${path}`)
}

describe('a name that is also a placeholder', () => {
  const nan = { nama: 'NAN', tanggal_lahir: '1959-12-17', jenis_kelamin: '1' }
  it.for([
    ['stands beside a NIK that agrees', { ...nan, nomor_induk_kependudukan: NIK }, ['name-placeholder /nama']],
    ['is none without a NIK, and somebody must say', nan, ['name-placeholder /nama', 'name-missing /nama']],
    [
      'is none beside the NIK of another',
      { ...nan, tanggal_lahir: '1960-12-17', nomor_induk_kependudukan: NIK },
      ['name-placeholder /nama', 'name-missing /nama'],
    ],
    ['is a name with a second word', { ...nan, nama: 'NAN SURYATI' }, []],
  ] as const)('%s', ([, fields, codes]) => {
    expect(found({ ...fields })).toEqual(codes)
  })
})

describe('a person is told apart', () => {
  it.for([
    ['by NIK, birth date and sex', { ...NAME, nomor_induk_kependudukan: NIK, tanggal_lahir: '1959-12-17' }, []],
    ['by birth date and sex', { ...NAME, tanggal_lahir: '1959-12-17', jenis_kelamin: '1' }, []],
    ['not by a birth date alone', { ...NAME, tanggal_lahir: '1959-12-17' }, ['identity-weak ']],
    ['by a NIK alone', { ...NAME, nomor_induk_kependudukan: NIK }, []],
    ['by a NIK of the stated age', { ...NAME, nomor_induk_kependudukan: NIK, umur: 65 }, []],
    ['by a NIK one year off the stated age', { ...NAME, nomor_induk_kependudukan: NIK, umur: 64 }, []],
    ['not by a NIK of another age', { ...NAME, nomor_induk_kependudukan: NIK, umur: 26 }, ['identity-weak ']],
    ['by a NIK of either century', { ...NAME, nomor_induk_kependudukan: '3211185712200001', umur: 4 }, []],
    [
      'not by a NIK of the other sex',
      { ...NAME, nomor_induk_kependudukan: NIK, jenis_kelamin: '2' },
      ['identity-weak '],
    ],
    [
      'by birth date and NIK, whatever its age',
      { ...NAME, nomor_induk_kependudukan: NIK, tanggal_lahir: '1999-01-01', umur: 26 },
      [],
    ],
    [
      'not by a birth after the reference date',
      { ...NAME, tanggal_lahir: '2030-01-01', jenis_kelamin: '1' },
      ['date-invalid /lahir', 'identity-weak '],
    ],
    ['by a name, too', { nomor_induk_kependudukan: NIK }, ['name-missing /nama']],
    ['by something', {}, ['identity-missing /nama', 'identity-weak ']],
  ] as const)('%s', ([, fields, codes]) => {
    expect(found({ ...fields }, ALL, '2025-01-29')).toEqual(codes)
  })

  it('without a reference date by a NIK of whatever age', () => {
    expect(found({ ...NAME, nomor_induk_kependudukan: NIK, umur: 26 })).toEqual([])
  })

  it('without the columns that a layout does not have', () => {
    expect(found({ ...NAME, tanggal_lahir: '1959-12-17' }, { ...ALL, carriesSex: false })).toEqual([])
    expect(found(NAME, { ...ALL, carriesSex: false })).toEqual(['identity-weak '])
    expect(found(NAME, { ...ALL, carriesNik: false, carriesSex: false })).toEqual([])
  })
})
