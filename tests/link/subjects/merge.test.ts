import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import { mergeGolden, type OpenedRecord } from '../../../src/link/subjects/merge.ts'
import { compileSurvivorship } from '../../../src/link/subjects/survivorship.ts'

const rules = compileSurvivorship({
  default: ['carik', 'p3ke', 'dtks'],
  fields: { 'individu.ijazah': ['dtks'] },
})

function source(key: string, dataset: string, fields: CanonicalRecord['fields'], asOf?: string): OpenedRecord {
  const record: CanonicalRecord = { level: 'individu', key, path: '', fields, ...(asOf !== undefined && { asOf }) }
  return { key, platform: 'p', dataset, record }
}

describe('the golden record', () => {
  it('takes each field from the dataset trusted first that has it', () => {
    const golden = mergeGolden(
      [
        source('a', 'dtks', { nama: 'B', umur: 50, alamat: 'X' }),
        source('b', 'carik', { nama: 'A' }),
        source('c', 'p3ke', { nama: 'C', umur: 51 }),
      ],
      rules,
    )
    expect(golden.record).toEqual({ nama: 'A', umur: 51, alamat: 'X' })
    expect(golden.origin.map(({ dataset, fields }) => [dataset, fields])).toEqual([
      ['carik', ['nama']],
      ['p3ke', ['umur']],
      ['dtks', ['alamat']],
    ])
  })

  it('follows the order of a field that has one', () => {
    const golden = mergeGolden(
      [source('a', 'carik', { ijazah: '14' }), source('b', 'dtks', { ijazah: '3' }), source('c', 'p3ke', {})],
      rules,
    )
    expect(golden.record).toEqual({ ijazah: '3' })
  })

  it.each([
    [
      'the newest',
      source('a', 'carik', { nama: 'OLD', umur: 1 }, '2024-01-01'),
      source('b', 'carik', { nama: 'NEW' }, '2025-01-01'),
      'NEW',
    ],
    ['the fuller', source('a', 'carik', { nama: 'THIN' }), source('b', 'carik', { nama: 'FULL', umur: 1 }), 'FULL'],
    ['the smaller name', source('b', 'carik', { nama: 'B' }), source('a', 'carik', { nama: 'A' }), 'A'],
    [
      'the smaller name, under whichever index key',
      { ...source('b', 'carik', { nama: 'B' }), key: '1' },
      { ...source('a', 'carik', { nama: 'A' }), key: '2' },
      'A',
    ],
    ['a known dataset', source('a', 'other', { nama: 'O' }), source('b', 'dtks', { nama: 'D' }), 'D'],
  ])('prefers %s', (_, one, other, nama) => {
    expect(mergeGolden([one, other], rules).record.nama).toBe(nama)
    expect(mergeGolden([other, one], rules).record.nama).toBe(nama)
  })

  it('names a single source as the origin of everything', () => {
    expect(mergeGolden([source('a', 'dtks', { nama: 'A' }, '2025-01-01')], rules)).toEqual({
      record: { nama: 'A' },
      origin: [{ platform: 'p', dataset: 'dtks', asOf: '2025-01-01', fields: '*' }],
    })
  })

  it('keeps the extensions of each dataset apart', () => {
    const a = source('a', 'dtks', {})
    const b = source('b', 'carik', {})
    a.record.extensions = { rt: '1' }
    b.record.extensions = { rt: '2' }
    expect(mergeGolden([a, b], rules).extensions).toEqual({ carik: { rt: '2' }, dtks: { rt: '1' } })
  })

  it('is the same in whatever order the sources came', () => {
    const fields = fc.dictionary(fc.constantFrom('nama', 'umur', 'ijazah', 'alamat'), fc.constantFrom('1', '2', '3'))
    const sources = fc.uniqueArray(
      fc.record({
        key: fc.stringMatching(/^[a-f]{2}$/),
        dataset: fc.constantFrom('carik', 'p3ke', 'dtks', 'else'),
        fields,
        asOf: fc.option(fc.constantFrom('2024-01-01', '2025-01-01'), { nil: undefined }),
      }),
      { selector: ({ key }) => key, minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(
        sources.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const build = (all: typeof list) =>
            mergeGolden(
              all.map(({ key, dataset, fields: given, asOf }) => source(key, dataset, given, asOf)),
              rules,
            )
          expect(JSON.stringify(build(shuffled))).toBe(JSON.stringify(build(list)))
        },
      ),
    )
  })
})

it.each([[null], [{}], [{ default: [], fields: {} }], [{ default: ['a'], fields: { x: 'a' } }]])(
  'refuses %j as survivorship rules',
  (raw) => {
    expect(() => compileSurvivorship(raw)).toThrow(/survivorship/)
  },
)
