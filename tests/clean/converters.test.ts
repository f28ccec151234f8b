import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCodes, spellingsOf, tableFor } from '../../src/clean/codes/codes.ts'
import { joiner, splitter, templater } from '../../src/clean/compile/assemble.ts'
import { Note } from '../../src/clean/converters/converter.ts'
import { FORMATS } from '../../src/clean/converters/date.ts'
import { readPlaceholders } from '../../src/clean/converters/placeholders.ts'
import { CONVERTERS } from '../../src/clean/converters/table.ts'
import type { FieldRule } from '../../src/clean/mapping/mapping.ts'
import type { Json } from '../../src/domain/entry.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { readYaml } from '../../src/language/document.ts'

const PLACEHOLDERS = readPlaceholders(
  readYaml('', readFileSync('src/registry/canonical/placeholders.yaml', 'utf8'), new Diagnostics())?.value,
)

function convert(name: string, args: FieldRule, value: Json, beside?: Json, field = 'x') {
  const note = new Note()
  note.asOf = '2025-06-30'
  const rows = typeof args.codes === 'object' ? args.codes : {}
  const document = { file: '', value: rows, at: () => ({ file: '', line: 1, field: '' }) }
  const spellings = new Map(Object.entries(rows).map(([label, row]) => [label, spellingsOf(row)]))
  const codes = tableFor(readCodes(document, '', rows, [], new Diagnostics()), spellings, 'x')
  const target = { name: field, additive: true, yes: '1', no: '2', codes, placeholders: PLACEHOLDERS }
  return { out: CONVERTERS[name]?.compile(args, target)(value, note, beside), finding: note.code || undefined, note }
}

const examples = Object.entries(CONVERTERS).flatMap(([name, { examples }]) =>
  examples.map((example) => ({ name, ...example })),
)

describe('a converter keeps the examples that it carries', () => {
  it.for(examples)('$name: $in with $args', ({ name, args = {}, in: value, out, finding, beside }) => {
    const result = convert(name, args, value, beside)
    expect({ out: result.out, finding: result.finding }).toEqual({ out, finding })
  })

  it('has at least one example that gives a value', () => {
    const without = Object.entries(CONVERTERS).filter(
      ([, { examples: own }]) => !own.some(({ out }) => out !== undefined),
    )
    expect(without).toEqual([])
  })
})

describe('nik', () => {
  it('never makes a number out of one that lost digits', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{15}$/)
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 15 }), (nik, cut) => {
        expect(convert('nik', {}, nik.slice(0, cut) + nik.slice(cut + 1)).out).toBeUndefined()
        expect(convert('nik', {}, Number(nik)).out).toBeUndefined()
        expect(convert('nik', {}, Number(nik).toExponential(5).toUpperCase()).out).toBeUndefined()
      }),
    )
  })

  it('repairs what is written around sixteen digits, and says so', () => {
    // Up to 2^53 a float is exact, so that a .0 behind it has lost nothing.
    const sound = fc.stringMatching(/^[1-8][1-9]{11}[0-9]{3}[1-9]$/).filter((nik) => new Set(nik).size > 3)
    fc.assert(
      fc.property(sound, (nik) => {
        for (const written of [`'${nik}`, `${nik}.0`, ` ${nik} `, `${nik.slice(0, 6)} ${nik.slice(6)}`]) {
          const { out, finding } = convert('nik', {}, written)
          expect([out, finding]).toEqual(out === undefined ? [undefined, 'nik-filler'] : [nik, 'nik-repaired'])
        }
      }),
    )
  })

  it('judges a number alike, whether at first sight or closely', () => {
    const digits = fc.oneof(
      fc.stringMatching(/^[0-9]{16}$/),
      fc.stringMatching(/^[01]{16}$/),
      fc.stringMatching(/^[1-9]{3}0{13}$/),
    )
    fc.assert(
      fc.property(digits, (nik) => {
        const [plain, spaced] = [convert('nik', {}, nik), convert('nik', {}, ` ${nik}`)]
        expect(plain.out).toBe(spaced.out)
        expect(plain.finding).toBe(spaced.finding === 'nik-repaired' ? undefined : spaced.finding)
      }),
      { numRuns: 1_000 },
    )
  })

  it('keeps a temporary number beside the fields', () => {
    expect(convert('nik', {}, '0175092402120001').note.keepAs).toEqual({
      name: 'nik_sementara',
      value: '0175092402120001',
    })
  })
})

describe('date', () => {
  const day = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))

  it('gives back every day in every format it can be written in', () => {
    fc.assert(
      fc.property(day, (iso) => {
        const [year = '', month = '', dom = ''] = iso.split('-')
        expect(convert('date', { format: 'YYYY-MM-DD' }, iso).out).toBe(iso)
        expect(convert('date', { format: 'DD/MM/YYYY' }, `${dom}/${month}/${year}`).out).toBe(iso)
        expect(convert('date', { format: 'D/M/YYYY' }, `${Number(dom)}/${Number(month)}/${year}`).out).toBe(iso)
        const midnight = Date.parse(`${iso}T00:00:00+07:00`)
        expect(convert('date', { format: 'epoch-ms', zone: '+07:00' }, midnight).out).toBe(iso)
        expect(convert('date', { format: 'iso-instant', zone: '+07:00' }, new Date(midnight).toISOString()).out).toBe(
          iso,
        )
      }),
    )
  })

  it('takes no text that names no day', () => {
    for (const text of ['1990-02-30', '1900-02-29', '2023-13-01', '0000-00-00', '31/12/1990', '1990-1-1', '']) {
      expect([text, convert('date', { format: 'YYYY-MM-DD' }, text).out]).toEqual([text, undefined])
    }
  })
})

describe('a birth date sent as an instant', () => {
  it.for([
    ['Asia/Jakarta', '1949-01-14T16:00:00.000Z', '1949-01-15'],
    ['Asia/Jakarta', '1955-06-14T16:30:00.000Z', '1955-06-15'],
    ['Asia/Jakarta', '1955-06-14T17:00:00.000Z', '1955-06-15'],
    ['Asia/Jakarta', '1963-12-30T16:30:00.000Z', '1963-12-31'],
    ['Asia/Jakarta', '1943-05-04T15:00:00.000Z', '1943-05-05'],
    ['Asia/Jakarta', '1990-05-09T17:00:00.000Z', '1990-05-10'],
    ['Asia/Jakarta', '1990-05-10T00:00:00+09:00', '1990-05-10'],
    ['Asia/Jakarta', '1990-05-10T00:00:00Z', '1990-05-10'],
    ['Asia/Jakarta', '1990-05-10T08:15:00+07:00', '1990-05-10'],
    ['Asia/Jakarta', '1990-05-09T16:30:00.000Z', undefined],
    ['Asia/Jakarta', '1990-05-09T16:00:00.000Z', undefined],
    ['Asia/Jakarta', '1990-05-09T15:00:00.000Z', undefined],
    ['Asia/Makassar', '1990-05-09T16:00:00.000Z', '1990-05-10'],
    ['Asia/Makassar', '1990-05-09T15:00:00.000Z', undefined],
    ['Asia/Jayapura', '1990-05-09T15:00:00.000Z', '1990-05-10'],
    ['Asia/Jayapura', '1955-05-09T14:30:00.000Z', '1955-05-10'],
    ['+07:00', '1955-06-14T16:30:00.000Z', undefined],
    ['America/New_York', '1990-05-10T00:00:00.000Z', '1990-05-10'],
  ] as const)('in %s is at %s the day %s, never silently the one before', ([zone, text, day]) => {
    const finding = day === undefined ? 'date-not-midnight' : undefined
    const iso = convert('date', { format: 'iso-instant', zone }, text, undefined, 'tanggal_lahir')
    expect([iso.out, iso.finding]).toEqual([day, finding])
    if (!text.endsWith('Z') || text.includes('T00:00')) return
    const epoch = convert('date', { format: 'epoch-ms', zone }, Date.parse(text), undefined, 'tanggal_lahir')
    expect([epoch.out, epoch.finding]).toEqual([day, finding])
  })

  it('at midnight of UTC is doubted where the zone is west of it', () => {
    const given = convert(
      'date',
      { format: 'epoch-s', zone: 'America/New_York' },
      642_297_600,
      undefined,
      'tanggal_lahir',
    )
    expect([given.out, given.finding]).toEqual([undefined, 'date-not-midnight'])
  })
})

describe('a birth date sent as a number', () => {
  it.for<[unit: 'epoch-ms' | 'epoch-s', value: number | string, out: string | undefined]>([
    // What systems write for nothing, and seconds where milliseconds were said.
    ['epoch-ms', 0, undefined],
    ['epoch-s', '0', undefined],
    ['epoch-ms', 493_059_600, undefined],
    ['epoch-ms', '493059600', undefined],
    ['epoch-ms', 493_059_600_000, '1985-08-17'],
    ['epoch-s', '493059600', '1985-08-17'],
    // Born in the first months of 1970, and with the time at which somebody typed it.
    ['epoch-ms', 3_600_000 * 24 * 40 - 7 * 3_600_000, '1970-02-10'],
    ['epoch-ms', 493_063_212_345, '1985-08-17'],
  ])('%s %s is %s', ([format, value, out]) => {
    const result = convert('date', { format, zone: 'Asia/Jakarta' }, value, undefined, 'tanggal_lahir')
    expect([result.out, result.finding]).toEqual([out, out === undefined ? 'date-invalid' : undefined])
  })
})

describe('a date format', () => {
  it('stands in the page of the mapping language, each', () => {
    const page = readFileSync('src/registry/MAPPING.md', 'utf8')
    expect(Object.keys(FORMATS).filter((format) => !page.includes(`\`${format}\``))).toEqual([])
  })
})

describe('an instant', () => {
  it('of another date is doubted at a round time only, and that of a whole record never', () => {
    const at = (text: string, name: string) =>
      convert('date', { format: 'iso-instant', zone: 'Asia/Jakarta' }, text, undefined, name).out
    expect(at('2025-06-12T23:00:00+07:00', 'tanggal_pendataan')).toBeUndefined()
    expect(at('2025-06-12T23:12:09+07:00', 'tanggal_pendataan')).toBe('2025-06-12')
    expect(at('2025-06-12T23:00:00+07:00', 'asOf')).toBe('2025-06-12')
  })

  it.for([
    ['1987-03-11T17:00Z', '1987-03-12'],
    ['1987-03-11T17:00:59.123456Z', '1987-03-12'],
    ['1987-03-12T00:00:00+07:00', '1987-03-12'],
    ['1987-03-11T16:59:59-00:30', '1987-03-12'],
    ['1987-03-11T16:59:59Z', '1987-03-11'],
    ['1987-02-30T17:00:00Z', undefined],
    ['1987-03-11T24:00:00Z', undefined],
    ['1987-03-11T17:60:00Z', undefined],
    ['1987-03-11T17:00:60Z', undefined],
    ['1987-03-11T17:00:00', undefined],
    ['1987-03-11T17:00:00.Z', undefined],
    ['1987-03-11T17:00:00.1x3Z', undefined],
    ['1987-03-11T17:00:00+0700', undefined],
    ['1987-03-11T17:00:00+07:60', undefined],
    ['1987-03-11T17:00:00Z ago', undefined],
    ['1987-03-11 17:00:00Z', undefined],
    ['1987-03-1', undefined],
  ] as const)('%s is the day %s in Jakarta', ([text, day]) => {
    expect(convert('date', { format: 'iso-instant', zone: '+07:00' }, text).out).toBe(day)
  })
})

describe('name', () => {
  it('judges a name alike, whether at first sight or closely', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[ANTKX' .]{1,8}$/),
      fc.stringMatching(/^(NN|TIDAK|TANPA|BELUM|NO|NULL)[ A-Z]{0,6}$/),
      fc.stringMatching(/^[A-Z'.]{1,60} [A-Z]{1,60}$/),
    )
    fc.assert(
      fc.property(name, (text) => {
        const [plain, spaced] = [convert('name', {}, text), convert('name', {}, `\n${text}`)]
        expect([plain.out, plain.finding]).toEqual([spaced.out, spaced.finding])
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('code', () => {
  it('keeps the candidates of an ambiguous code and takes none', () => {
    const { out, note } = convert('code', { codes: { Asbes: { candidates: ['3', '4'] } } }, 'ASBES')
    expect([out, note.candidates, note.keep, note.inferred]).toEqual([undefined, ['3', '4'], true, false])
  })

  it('marks a decided code as inferred', () => {
    const { out, note } = convert('code', { codes: { SLTP: { candidates: ['7', '8'], choose: '8' } } }, 'sltp')
    expect([out, note.candidates, note.keep, note.inferred]).toEqual(['8', ['7', '8'], false, true])
  })

  it.for([
    ['hold', 'hold'],
    ['reject', 'error'],
    ['keep-source', undefined],
  ] as const)('follows the policy %s for a code without a row', ([unmapped, severity]) => {
    const { finding, note } = convert('code', { codes: { A: '1' }, unmapped }, 'B')
    expect([finding, note.severity, note.keep]).toEqual(['code-unmapped', severity, true])
  })
})

describe('assembling', () => {
  it.for([
    [['KRAJAN', 3, 7], 'DUSUN KRAJAN RT 3 RW 7'],
    [['KRAJAN', '', 7], 'DUSUN KRAJAN RW 7'],
    [['', 3, null], 'DUSUN  RT 3'],
    [['', undefined, null], ''],
  ] as const)('fills a template with %j', ([values, out]) => {
    expect(templater('DUSUN {dusun}[ RT {rt}][ RW {rw}]')([...values])).toBe(out)
  })

  it('pads the parts of a split code, and gives none where one is missing', () => {
    const join = joiner('', [2, 2, 3, 3])
    expect([join(['31', '72', '20', '4']), join(['31', '72', '', '4'])]).toEqual(['3172020004', ''])
  })

  it('takes a part of a text', () => {
    expect(splitter('/', 2)('003 / 007')).toBe('007')
    expect(splitter('/', 2)('003')).toBe('')
  })
})
