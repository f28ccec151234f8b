import { describe, expect, it } from 'vitest'
import { COMPARISONS, compare, EXTRA_LEVELS, type Field } from '../../../src/link/compare/compare.ts'
import { type Features, featuresOf } from '../../../src/link/compare/features.ts'
import { family, person } from '../support.ts'

const nobody: Features = { words: ['BUDI'], extras: {} }

function levelOf(field: Field, a: Partial<Features>, b: Partial<Features>, isOneFamily?: boolean): string | undefined {
  const { levels } = compare({ ...nobody, ...a }, { ...nobody, ...b }, [], isOneFamily)
  const level = levels[field]
  return level === undefined ? undefined : COMPARISONS[field][level]
}

const born = (iso: string): Partial<Features> => {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { birth: { year, month, day } }
}

describe('birth dates', () => {
  it.each([
    ['1980-05-07', '1980-05-07', 'equal'],
    ['1980-01-01', '1980-01-01', 'equal-default'],
    ['1980-05-07', '1980-07-05', 'swapped'],
    ['1980-05-07', '1981-05-07', 'off'],
    ['1980-05-07', '1970-05-07', 'off'],
    ['1979-05-07', '1980-05-07', 'off'],
    ['1980-05-07', '1980-05-17', 'off'],
    ['1980-05-27', '1980-01-01', 'default'],
    ['1980-05-27', '1982-01-01', 'near-default'],
    ['1980-05-07', '1984-01-01', 'apart'],
    ['1980-05-07', '1983-06-09', 'apart'],
  ])('%s and %s are %s', (a, b, level) => {
    expect(levelOf('birth', born(a), born(b))).toBe(level)
    expect(levelOf('birth', born(b), born(a))).toBe(level)
  })
})

describe('families', () => {
  const lists = { a: { list: 'x|1', source: 'x' }, b: { list: 'x|2', source: 'x' }, c: { list: 'y|1', source: 'y' } }

  it.each([
    ['one card', { kk: '1' }, { kk: '1' }, undefined, 'kk'],
    ['two cards', { kk: '1' }, { kk: '2' }, false, 'other-kk'],
    ['a card on one side, and one family by its head', { kk: '1' }, {}, true, 'equal'],
    ['two families', {}, {}, false, 'apart'],
    ['a family that is not known', { kk: '1' }, {}, undefined, undefined],
    ['two lists of two sources', { ...lists.a, kk: '1' }, { ...lists.c, kk: '2' }, false, 'other-kk'],
    ['two lists of one source, which are two families by their making', lists.a, lists.b, false, undefined],
    ['two lists of one source for one family', lists.a, lists.b, true, 'equal'],
  ])('%s', (_, a, b, isOneFamily, level) => {
    expect(levelOf('family', a, b, isOneFamily)).toBe(level)
    expect(levelOf('family', b, a, isOneFamily)).toBe(level)
  })

  it('share their place, which says nothing more', () => {
    const [a, b] = [
      { kk: '1', village: '3174010001' },
      { kk: '1', village: '5101010001' },
    ]
    expect(levelOf('place', a, b)).toBeUndefined()
    expect(levelOf('place', { village: '3174010001' }, { village: '3174010001' }, true)).toBeUndefined()
  })

  it('of one family a serial with two digits exchanged is a typing error', () => {
    const [a, b] = [
      { nik: '3174010505800012', ...born('1980-05-05') },
      { nik: '3174010505800021', ...born('1980-05-05') },
    ]
    expect(compare({ ...nobody, ...a }, { ...nobody, ...b }, [], true).areTwins).toBe(false)
    expect(compare({ ...nobody, ...a }, { ...nobody, ...b }, [], false).areTwins).toBe(true)
  })
})

describe('places', () => {
  const at = (village: string, address?: string): Partial<Features> => ({ village, ...(address && { address }) })
  const V = '3174010001'

  it.each([
    [at(V), at(V), 'village'],
    [{ kk: '2', ...at(V) }, { kk: '1', ...at(V) }, 'village'],
    [at(V), at('3174010002'), 'district'],
    [at(V), at('3174020001'), 'regency'],
    [at(V), at('3175010001'), 'apart'],
    [{ kk: '1' }, { kk: '2' }, undefined],
    [at(V, 'JL MELATI #1'), at(V), 'village'],
    [at(V, 'JL MELATI #1'), at(V, 'JL MELATI #1'), 'house'],
    [at(V, 'JL MELATI #1'), at(V, 'JL MELATI #12'), 'village-other-address'],
    [at(V, 'DUSUN KRAJAN'), at(V, 'DUSUN KRAJAN'), 'hamlet'],
    [at(V, 'DUSUN KRAJAN'), at(V, 'DUSUN KRAJAN #4'), 'hamlet'],
    [at(V, 'DUSUN KRAJAN'), at(V, 'DUSUN KRAJANAN'), 'village-other-address'],
    [at(V, 'JL MELATI #1'), at('3174010002', 'JL MELATI #1'), 'district'],
  ])('%j and %j', (a, b, level) => {
    expect(levelOf('place', a, b)).toBe(level)
    expect(levelOf('place', b, a)).toBe(level)
  })
})

describe('a NIK', () => {
  it.each([
    ['3174010505800001', '3174010505800001', 'equal'],
    ['3174010505810001', '3174010505180001', 'transposed'],
    ['3174010405810001', '3174010504810001', 'transposed'],
    ['3174010505800012', '3174010505800021', 'apart'],
    ['3174010505800001', '3174010505800002', 'apart'],
    ['3174010505800001', '3174100505800001', 'apart'],
  ])('%s and %s are %s', (a, b, level) => {
    expect(levelOf('nik', { nik: a }, { nik: b })).toBe(level)
  })

  it.each([
    ['digits of its district', '3174100505800012'],
    ['digits of its serial', '3174010505800021'],
    ['its last digit lost to a spreadsheet', '3174010505800010'],
  ])('has %s exchanged for a neighbour alone', (_, nik) => {
    const at = (village: string) => levelOf('nik', { nik: '3174010505800012', village: '3174010001' }, { nik, village })
    expect(at('3174010001')).toBe('transposed')
    expect(at('3174020001')).toBe('apart')
  })

  it('has no digit of its district exchanged for one of its serial, not even at a neighbour’s', () => {
    const village = '3174010001'
    expect(levelOf('nik', { nik: '3174010505800003', village }, { nik: '3174030505800001', village })).toBe('apart')
  })

  it('that contradicts the birth date of its bearer does not speak against anybody', () => {
    const one = { ...born('1980-05-05'), nik: '3174010505800001' }
    expect(levelOf('nik', one, { ...born('1980-05-05'), nik: '3174011203710001' })).toBeUndefined()
    expect(levelOf('nik', one, { ...born('1971-03-12'), nik: '3174011203710001' })).toBe('apart')
  })
})

describe('twins', () => {
  const twin = { ...born('2004-04-04'), list: 'carik|K' }
  const here = { village: '3174010001' }

  it.each([
    ['of one birth date and district by their serials', { nik: '3174010404040001' }, { nik: '3174010404040002' }, true],
    ['as namesakes who were registered elsewhere', { nik: '3174010404040001' }, { nik: '3511020404040001' }, true],
    ['as namesakes of the next district', { ...here, nik: '3174010404040001' }, { nik: '3174020404040001' }, true],
    ['not for a mistyped district', { ...here, nik: '3174010404040001' }, { ...here, nik: '3174020404040001' }, false],
    ['not for a number of another birth date', { nik: '3174010404040001' }, { nik: '3511021203900001' }, false],
    ['not when two digits are exchanged', { nik: '3174010404810001' }, { nik: '3174010404180001' }, false],
    [
      'not when two digits of the serial are exchanged and the name is a neighbour’s',
      { ...here, words: ['RISA', 'WATI'], nik: '3174010404040012' },
      { ...here, words: ['RISA', 'W'], nik: '3174010404040021' },
      false,
    ],
    [
      'when two digits of the serial are exchanged and the name is another',
      { ...here, words: ['RINI'], nik: '3174010404040012' },
      { ...here, words: ['RINA'], nik: '3174010404040021' },
      true,
    ],
    ['on one list under other names', { ...twin, words: ['RISA'] }, { ...twin, words: ['RISKA'] }, true],
    ['not on one list under the same name: one came twice', twin, twin, false],
    [
      'not on one list for a name that was shortened',
      { ...twin, words: ['RISA', 'W'] },
      { ...twin, words: ['RISA', 'WATI'] },
      false,
    ],
    [
      'not on one list under other names as head of the family, who is one',
      { ...twin, words: ['RISA'], relation: '1' },
      { ...twin, words: ['RISKA'], relation: '1' },
      false,
    ],
    ['not on two lists', { ...twin, words: ['RISA'] }, { ...twin, words: ['RISKA'], list: 'dtks|K' }, false],
  ])('are seen %s', (_, a, b, areTwins) => {
    expect(compare({ ...nobody, ...a }, { ...nobody, ...b }).areTwins).toBe(areTwins)
  })
})

it('says nothing of what is unknown', () => {
  expect(compare({ words: [], extras: {} }, { words: [], extras: {} }).levels).toEqual({})
})

it('compares the extensions that the model names', () => {
  const of = (soc: string) => featuresOf(person('K', { nama: 'BUDI' }, { extensions: { soc, note: 'x' } }), 'src')
  const level = (a: string, b: string) => EXTRA_LEVELS[compare(of(a), of(b), ['soc']).levels.soc ?? -1]
  expect(level('1234567', ' 1234567')).toBe('equal')
  expect(level('1234567', '1234576')).toBe('close')
  expect(level('1234567', '9876543')).toBe('apart')
  expect(compare(of('1'), of('1'), ['soc']).levels).not.toHaveProperty('note')
})

it('takes features from the record and the family of its entry', () => {
  const record = person('K', { nama: 'H. BUDI', tanggal_lahir: '1980-05-07', jenis_kelamin: '1', umur: 45 })
  const around = family('F', { kode_kelurahan_desa: '3174010001', alamat: 'JALAN MELATI NO. 1' })
  expect(featuresOf(record, 'carik', around)).toEqual({
    words: ['BUDI'],
    birth: { year: 1980, month: 5, day: 7 },
    sex: '1',
    village: '3174010001',
    address: 'JL MELATI #1',
    extras: {},
  })
})

it("takes village and address of a person's own row as the place, and not as texts to compare besides", () => {
  const extensions = { kode_kelurahan_desa: '3174010001', alamat: 'Jl. Melati No. 1 RT 002/RW 003', catatan: 'x' }
  const household = { scheme: 'p3ke', key: '7' }
  const {
    village,
    address,
    extras,
    household: home,
  } = featuresOf(person('K', { nama: 'BUDI' }, { extensions, household }), 'carik-jakarta|p3ke-individu')
  expect({ village, address, extras, home }).toEqual({
    village: '3174010001',
    address: 'JL MELATI #1',
    extras: { catatan: 'X' },
    home: 'carik-jakarta|p3ke|7',
  })
})

it('compares an address as a text of the source where there is no village', () => {
  const { address, extras } = featuresOf(
    person('K', { nama: 'BUDI' }, { extensions: { alamat: '1 High Street' } }),
    'x',
  )
  expect({ address, extras }).toEqual({ extras: { alamat: '1 HIGH STREET' } })
})
