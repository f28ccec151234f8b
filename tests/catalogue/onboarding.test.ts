import { describe, expect, it } from 'vitest'
import { findHousehold } from '../../src/catalogue/onboarding/household.ts'
import { kindOf } from '../../src/catalogue/onboarding/infer.ts'
import { labelLikeness, likeness, wordsOf } from '../../src/catalogue/onboarding/similar.ts'
import { sniff } from '../../src/catalogue/onboarding/sniff.ts'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { Regions } from '../../src/clean/regions/regions.ts'

const files = await readRegistry(['src/registry'])
const text = (name: string) => files.get(`regions/${name}.csv`)?.text ?? ''
const regions = new Regions({
  provinces: text('provinces'),
  regencies: text('regencies'),
  districts: text('districts'),
  villages: text('villages'),
  variants: '',
})
const kind = (name: string, ...values: string[]) => kindOf({ name, values, types: new Set(['string']) }, regions)

describe('a sample file', () => {
  it.for([
    ['a;b;c\n1;2,5;3\n', { kind: 'csv', delimiter: ';', encoding: 'utf-8' }],
    ['a,b\n"1,1;1",2\n', { kind: 'csv', delimiter: ',' }],
    ['a\tb\n1\t2\n', { kind: 'csv', delimiter: '\t' }],
    ['a|b\n1|2\n', { kind: 'csv', delimiter: '|' }],
    ['a\n1\n', { kind: 'csv', delimiter: ',' }],
    ['\ufeff{"a":1}\n', { kind: 'ndjson', array: false }],
    [' [{"a":1}]', { kind: 'ndjson', array: true }],
  ] as const)('%j is recognized', ([bytes, expected]) => {
    expect(sniff(Buffer.from(bytes))).toMatchObject(expected)
  })

  it('in Windows-1252 is read as such', () => {
    expect(sniff(Buffer.from('luas_m\xb2;a\n1;2\n', 'latin1'))).toMatchObject({
      encoding: 'windows-1252',
      text: 'luas_m²;a\n1;2\n',
    })
  })
})

describe('a column', () => {
  it.for([
    [kind('tgl', '12/03/1987', '01/12/2001'), { is: 'date', formats: ['DD/MM/YYYY'], twoDigits: false }],
    [kind('tgl', '2/3/1987', '11/12/2001'), { is: 'date', formats: ['D/M/YYYY'] }],
    [kind('tgl', '12 Maret 1987', '1 Pebruari 2001'), { is: 'date', formats: ['D MMMM YYYY'] }],
    [kind('tgl', '12-03-87', '01-12-01'), { is: 'date', formats: ['DD-MM-YY'], twoDigits: true }],
    [kind('tgl_lahir', '19870312', '20011201'), { is: 'date', formats: ['YYYYMMDD'] }],
    [
      kind('tgl_lahir', '20011301', ...Array.from({ length: 19 }, (_, at) => `198703${at + 10}`)),
      { is: 'date', formats: ['YYYYMMDD'], isInstant: false },
    ],
    [kind('tgl_lahir', '542480400', '1006300800'), { is: 'date', formats: ['epoch-s'], isInstant: true }],
    [kind('jumlah', '19870312', '20011201'), { is: 'number', whole: true }],
    [kind('tgl_lahir', '542480400000', '1987-03-11T17:00:00Z'), { is: 'date', isInstant: true }],
    [kind('luas', '37,5', '1.320,00'), { is: 'number', decimal: ',', thousands: true }],
    [kind('luas', '37.5', '12'), { is: 'number', decimal: '.', thousands: false }],
    [kind('x', '3404010101900001', '3404014101900002'), { is: 'number16' }],
    [kind('x', 'Ya', 'TIDAK', 'ya'), { is: 'yes-no', pair: 'YA/TIDAK', sure: true }],
    [kind('x', '1', '0', '1'), { is: 'yes-no', pair: '1/0', sure: false }],
    [kind('x', '31.74.09.1001', '31.74.09.1002'), { is: 'region', dots: true, kemendagri: 2, bps: 0 }],
    [kind('x', 'PKH;BPNT', 'PKH', 'BPNT', 'BPNT;BST', 'PKH;BST'), { is: 'several', separator: ';' }],
    [kind('x', 'Keramik', 'Semen', 'Keramik'), { is: 'labels', labels: ['Keramik', 'Semen'] }],
    [kind('x', ...Array.from({ length: 31 }, (_, i) => `teks ${i}`)), { is: 'text' }],
    [kind('x'), { is: 'empty' }],
  ] as const)('is of kind %j', ([found, expected]) => {
    expect(found).toMatchObject(expected)
  })
})

describe('the key of a household', () => {
  const column = (name: string, ...values: string[]) => ({
    name,
    values,
    types: new Set<'string'>(['string']),
    kind: { is: 'text' } as const,
  })
  const keys = (prefix: string) => [1, 1, 1, 2, 2, 3, 4, 4].map((family) => `${prefix}${family}`)

  it.for([
    [[column('id_keluarga', ...keys('KLG-'))], { column: 'id_keluarga', isSure: true }],
    [[column('no_rumah', ...keys('')), column('idKrt', ...keys('10000'))], { column: 'idKrt', isSure: true }],
    [[column('no_rumah', ...keys('1'))], { column: 'no_rumah', isSure: false }],
    [[column('no_urut_keluarga', 'K-001', 'K-002', 'K-001', 'K-002')], { column: 'no_urut_keluarga', isSure: false }],
    [[column('id_keluarga', 'K-001', 'K-002', 'K-003')], undefined],
    [[column('kode_rumah', ...Array.from({ length: 26 }, (_, at) => (at < 13 ? 'Milik' : 'Sewa')))], undefined],
    [[column('alamat', ...keys('KLG-'))], undefined],
  ] as const)('is looked for by name and by values: %#', ([columns, expected]) => {
    expect(findHousehold(columns)).toEqual(expected)
  })
})

describe('names and labels', () => {
  it.for([
    ['TGL_LAHIR', 'tanggal lahir'],
    ['noKk', 'nomor kartu keluarga'],
    ['JK', 'jenis kelamin'],
    ['statusKawin', 'status kawin'],
    ['kd_desa', 'kode desa'],
    ['Date of Birth', 'tanggal lahir'],
    ['surname', 'nama belakang'],
    ['L/P', 'jenis kelamin'],
    ['TGL_LHR', 'tanggal lahir'],
  ] as const)('%s means %s', ([name, words]) => {
    expect(wordsOf(name).join(' ')).toBe(words)
  })

  it('are compared by words, telling ones more than common ones', () => {
    const weight = (word: string) => (word === 'jenis' ? 0.2 : 1)
    const like = (a: string, b: string) => likeness(wordsOf(a), wordsOf(b), weight)
    expect(like('lantai', 'jenis lantai')).toBeGreaterThan(like('jenis', 'jenis lantai'))
    expect(like('lantai', 'jenis atap')).toBe(0)
  })

  it('are compared by letters where words differ', () => {
    expect(labelLikeness('Keramik', 'keramik')).toBe(1)
    expect(labelLikeness('Kayu Jati', 'Kayu/papan')).toBeGreaterThan(labelLikeness('Kayu Jati', 'Tanah'))
    expect(labelLikeness('Keramik', 'Ubin/keramik')).toBeGreaterThanOrEqual(0.8)
  })
})
