import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import { addSigns, FileSigns, NO_SIGNS } from '../../../src/engine/signs/file-signs.ts'
import { judgeFile } from '../../../src/engine/signs/judge-file.ts'

type Person = { nik?: string; isDamaged?: boolean; birth?: string; village?: string; unknown?: string[] }

function entryOf({ nik, isDamaged = false, birth, village, unknown = [] }: Person, at: number): CleanEntry {
  const fields = {
    ...(nik !== undefined && { nomor_induk_kependudukan: nik }),
    ...(birth !== undefined && { tanggal_lahir: birth }),
    ...(village !== undefined && { kode_kelurahan_desa: village }),
  }
  return {
    line: at + 1,
    key: String(at),
    verdict: 'accepted',
    findings: [
      ...unknown.map((path) => ({ code: 'code-unmapped', severity: 'warning' as const, path })),
      ...(isDamaged ? [{ code: 'nik-excel', severity: 'warning' as const, path: '/nik' }] : []),
    ],
    records: [{ level: 'individu', key: String(at), path: '', fields }],
  }
}

/** The signs of people who were counted in parts of so many. */
function signsOf(people: readonly Person[], part = people.length) {
  let sum = NO_SIGNS
  for (let at = 0; at < people.length; at += Math.max(1, part)) {
    const signs = new FileSigns()
    people.slice(at, at + part).forEach((one, index) => {
      signs.add(entryOf(one, at + index))
    })
    sum = addSigns(sum, signs.stored())
  }
  return sum
}

const REGENCY = { scope: ['3510'] }
const codes = (people: readonly Person[], around: { before?: number; scope?: string[] } = {}) =>
  judgeFile(signsOf(people, 7), {
    platform: { scope: around.scope ?? REGENCY.scope },
    before: around.before,
  }).map(({ code }) => code)
const many = (one: (at: number) => Person, of = 100) => Array.from({ length: of }, (_, at) => one(at))
const digits = (at: number, length: number) => String(at).padStart(length, '0')

describe('a file as a whole', () => {
  it.for<[string, Person[], string[]]>([
    ['NIKs that a spreadsheet rounded', many((at) => ({ nik: `35100112058${digits(at, 4)}0` })), ['file-nik-rounded']],
    [
      'NIKs that are not taken, since a spreadsheet damaged them',
      many(() => ({ isDamaged: true })),
      ['file-nik-rounded'],
    ],
    ['NIKs of one serial', many((at) => ({ nik: `351001${digits(at, 6)}0417` })), ['file-nik-serial']],
    ['first serials, as most have them', many((at) => ({ nik: `351001${digits(at, 6)}0001` })), []],
    ['one birth date', many(() => ({ birth: '1970-01-01' })), ['file-one-birth-date']],
    ['one village', many(() => ({ village: '3510010001' })), ['file-one-village']],
    ['two villages', many((at) => ({ village: `351001000${at % 2}` })), []],
    [
      'columns that are shifted',
      many((at) => ({ unknown: at % 10 === 0 ? [] : [`/${at % 3}/agama`, '/pendidikan'] })),
      ['file-columns-shifted'],
    ],
    ['one column without a list', many(() => ({ unknown: ['/agama'] })), []],
    [
      'what is as it should be',
      many((at) => ({ nik: `351001${digits(at, 6)}000${1 + (at % 4)}`, birth: `19${digits(at % 100, 2)}-05-12` })),
      [],
    ],
    ['too few to say anything', many(() => ({ birth: '1970-01-01', village: '3510010001' }), 20), []],
  ])('is told of %s', ([, people, wanted]) => {
    expect(codes(people)).toEqual(wanted)
  })

  it('may be of one village where the agreement is of it', () => {
    expect(
      codes(
        many(() => ({ village: '3510010001' })),
        { scope: ['3510010001'] },
      ),
    ).toEqual([])
  })

  it('is told of when it has fewer than half the records of the batch before', () => {
    expect(
      codes(
        many(() => ({}), 49),
        { before: 100 },
      ),
    ).toEqual(['file-fewer-records'])
    expect(
      codes(
        many(() => ({}), 50),
        { before: 100 },
      ),
    ).toEqual([])
    expect(
      codes(
        many(() => ({}), 2),
        { before: 29 },
      ),
    ).toEqual([])
  })

  it('is judged alike in whatever parts it was counted', () => {
    const person = fc.record({
      nik: fc.constantFrom('3510011205800010', '3510011205800417', '3510011205800001'),
      birth: fc.oneof(
        { weight: 20, arbitrary: fc.constant('1970-01-01') },
        { weight: 1, arbitrary: fc.integer().map(String) },
      ),
      village: fc.constantFrom('3510010001'),
      unknown: fc.subarray(['/a', '/b', '/c/0/d']),
    })
    fc.assert(
      fc.property(fc.array(person, { maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (people, part) => {
        const whole = judgeFile(signsOf(people), { platform: REGENCY, before: undefined })
        const parts = judgeFile(signsOf(people, part), { platform: REGENCY, before: undefined })
        const ofDates = ({ code }: { code: string }) => code !== 'file-one-birth-date'
        expect(parts.filter(ofDates)).toEqual(whole.filter(ofDates))
      }),
    )
  })

  it('is counted in bounded room, and holds no value', () => {
    const text = JSON.stringify(
      signsOf(
        many((at) => ({ nik: `35100112${digits(at, 8)}`, birth: `d${at}`, unknown: [`/f${at}`] }), 5000),
        500,
      ),
    )
    expect(text.length).toBeLessThan(8000)
    expect(text).not.toMatch(/351001|"d\d/)
  })

  it('keeps a value that most have, however many others there are', () => {
    const people = many((at) => ({ birth: at % 20 === 0 ? `other-${at}` : '1970-01-01' }), 4000)
    expect(codes(people)).toEqual(['file-one-birth-date'])
  })

  it('counts entries by their district, with and without findings, also in parts', () => {
    const people = [
      ...many(() => ({ village: '3510010001' }), 3),
      { village: '3510010002', unknown: ['/a'] },
      { village: '3510020001' },
      {},
    ]
    expect(signsOf(people, 2).districts).toEqual({ '3510010': [4, 1], '3510020': [1, 0] })
    const { districts: _, ...before } = signsOf(people)
    expect(addSigns(before, signsOf(people)).districts).toEqual({ '3510010': [4, 1], '3510020': [1, 0] })
  })
})
