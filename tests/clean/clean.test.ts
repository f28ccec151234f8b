import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CheckedPart, Coverage, partsOf } from '../../src/catalogue/coverage.ts'
import { entryOf } from '../../src/catalogue/examples.ts'
import { ANYWHERE } from '../../src/clean/mapping/any-platform.ts'
import type { Json } from '../../src/domain/entry.ts'
import { builtIn, compileWith } from '../catalogue/registry-under-test.ts'

const { registry } = compileWith({})
const dataset = registry.datasets.get('carik')
if (dataset === undefined) throw new Error('carik is gone')
const carik = dataset
const jakarta = registry.platforms.get('carik-jakarta') ?? ANYWHERE

type Family = Record<string, Json> & { anggota: Record<string, Json>[] }
const sample = JSON.parse(builtIn.get('datasets/carik/1/examples/keluarga.json')?.text ?? '{}').in as Family

/** The family of the example, with some values changed; the second list is that of its second member. */
function family(changes: Record<string, Json | undefined> = {}, member: Record<string, Json | undefined> = {}): Family {
  const copy = structuredClone(sample)
  Object.assign(copy, changes)
  const second: Json | undefined = Array.isArray(copy.anggota) ? copy.anggota[1] : undefined
  if (typeof second === 'object' && second !== null) Object.assign(second, member)
  return copy
}
const clean = (record: Json, platform = jakarta) => carik.clean(entryOf(carik, record), platform)
const found = (record: Json) =>
  clean(record)
    .findings.filter(({ code }) => !/^[A-Z]/.test(code))
    .map(({ code, severity, path }) => `${severity} ${code} ${path}`)

describe('a family of Carik', () => {
  it.for([
    ['nothing changed', {}, {}, 'accepted', []],
    ['a NIK as a number', {}, { nik: 3171080101900002 }, 'accepted', ['warning nik-number /anggota/1/nik']],
    ['no NIK', {}, { nik: null }, 'accepted', []],
    ['a NIK of 15 digits', {}, { nik: '317108010190002' }, 'accepted', ['warning nik-length /anggota/1/nik']],
    ['a temporary NIK', {}, { nik: '0171080101900002' }, 'accepted', ['warning nik-temporary /anggota/1/nik']],
    ['a NIK from a spreadsheet', {}, { nik: '3.17108E+15' }, 'accepted', ['warning nik-excel /anggota/1/nik']],
    [
      'no date that exists',
      {},
      { tanggal_lahir: '1990-02-30' },
      'accepted',
      ['warning date-invalid /anggota/1/tanggal_lahir'],
    ],
    [
      'a birth after the survey',
      {},
      { tanggal_lahir: '2030-01-01' },
      'accepted',
      ['warning date-invalid /anggota/1/tanggal_lahir'],
    ],
    ['an unknown code', { jenis_lantai: 'Kaca' }, {}, 'accepted', ['warning code-unmapped /jenis_lantai']],
    ['null for a text', { jenis_lantai: null }, {}, 'accepted', ['warning value-type /jenis_lantai']],
    ['a text for a number', { luas_lantai: '69' }, {}, 'accepted', ['warning value-type /luas_lantai']],
    ['a negative area', { luas_lantai: -1 }, {}, 'accepted', ['warning value-invalid /luas_lantai']],
    ['an unknown column', { kucing: 2 }, {}, 'accepted', ['warning column-unknown /kucing']],
    ['a missing column', { alamat: undefined }, {}, 'accepted', ['warning value-missing /alamat']],
    ['no key of a member', {}, { id_individu: '' }, 'accepted', ['warning key-derived /anggota/1/id_individu']],
    [
      'a doubled key of members',
      {},
      { id_individu: 'IDV-0000000101' },
      'accepted',
      ['warning key-doubled /anggota/1/id_individu'],
    ],
    ['no key of the family', { id_keluarga: '' }, {}, 'accepted', ['warning key-derived /id_keluarga']],
    ['no key and no No. KK', { id_keluarga: '', no_kk: '' }, {}, 'held', ['hold key-missing /id_keluarga']],
    ['no name', {}, { nama: '-' }, 'held', ['hold name-missing /anggota/1/nama']],
    ['a name of 101 letters', {}, { nama: 'AB'.repeat(51) }, 'held', ['hold name-too-long /anggota/1/nama']],
    ['neither NIK nor birth date', {}, { nik: null, tanggal_lahir: '' }, 'held', ['hold identity-weak /anggota/1']],
    [
      'neither NIK nor sex',
      {},
      { nik: '', jenis_kelamin: 'X' },
      'held',
      ['warning code-unmapped /anggota/1/jenis_kelamin', 'hold identity-weak /anggota/1'],
    ],
    ['no village code', { kode_kelurahan: '' }, {}, 'held', ['hold region-missing /kode_kelurahan']],
    [
      'a village of the other scheme',
      { kode_kelurahan: '3175091004' },
      {},
      'held',
      ['hold region-other-scheme /kode_kelurahan'],
    ],
    ['an unknown village', { kode_kelurahan: '3172020999' }, {}, 'held', ['hold region-unknown /kode_kelurahan']],
    [
      'two villages',
      { kode_kelurahan_capil: '31.75.09.1005' },
      {},
      'held',
      ['hold region-contradicts /kode_kelurahan_capil'],
    ],
    ['neither name nor NIK', {}, { nama: '', nik: null }, 'rejected', ['error identity-missing /anggota/1/nama']],
    [
      'a village elsewhere',
      { kode_kelurahan: '3510010001', kode_kelurahan_capil: '35.10.01.2001' },
      {},
      'rejected',
      ['error region-out-of-scope /kode_kelurahan'],
    ],
    ['members that are no list', { anggota: 'dua' }, {}, 'rejected', ['error structure /anggota']],
    ['a member that is no object', { anggota: ['dua'] }, {}, 'rejected', ['error structure /anggota/0']],
  ] as const)('with %s', ([, changes, member, verdict, findings]) => {
    const record = family(changes as Record<string, Json>, member as Record<string, Json>)
    expect(clean(record).verdict).toBe(verdict)
    expect(found(record)).toEqual(findings)
    expect(clean(record).records.length).toBe(verdict === 'accepted' ? record.anggota.length + 1 : 0)
  })

  it('leaves out what it could not take and keeps the source value beside', () => {
    const [first, , person] = clean(
      family({ jenis_lantai: 'Kaca', luas_lantai: -1 }, { nik: '0171080101900002' }),
    ).records
    expect(first?.fields).not.toHaveProperty('jenis_lantai_terluas')
    expect(first?.fields).not.toHaveProperty('luas_lantai')
    expect(first?.extensions).toMatchObject({ jenis_lantai: 'Kaca', luas_lantai: -1, rt: '012' })
    expect(person?.fields).not.toHaveProperty('nomor_induk_kependudukan')
    expect(person?.extensions).toMatchObject({ nik_sementara: '0171080101900002' })
  })

  it('derives the same key again from family and NIK, else from family, name and birth date', () => {
    const key = (member: Record<string, Json>) => clean(family({}, { id_individu: '', ...member })).records[2]?.key
    expect(key({})).toBe('~individu-KLG-00000001-3171080101900002')
    expect(key({ nik: null })).toBe('~individu-KLG-00000001-BUDICONTOH-1990-01-01')
    expect(key({ nik: null, nama: 'Budi  Contoh' })).toBe(key({ nik: null }))
  })

  it('takes the head from the relation, not from the order', () => {
    const swapped = family()
    swapped.anggota.reverse()
    expect(clean(swapped).records[0]?.fields.nama_anggota_keluarga).toBe('SITI CONTOH')
  })

  it('gives both schemes of a village', () => {
    const [first] = clean(family()).records
    expect([first?.fields.kode_kelurahan_desa, first?.extensions?.kode_kelurahan_desa_kemendagri]).toEqual([
      '3172020004',
      '31.75.09.1004',
    ])
  })

  it('rejects a line that reading refused, with the code that says why', () => {
    expect(carik.clean({ line: 7, form: 'refused', text: 'line-too-long' }, jakarta)).toEqual({
      line: 7,
      key: null,
      verdict: 'rejected',
      findings: [{ code: 'line-too-long', severity: 'error', path: '' }],
      records: [],
    })
  })

  it('refuses a name that reaches for a prototype', () => {
    const text = JSON.stringify(sample).replace('"nama"', '"__proto__":{"admin":true},"nama"')
    const { verdict, findings } = carik.clean({ line: 1, form: 'object', text }, jakarta)
    expect([verdict, findings.some(({ code }) => code === 'json-forbidden-key')]).toEqual(['held', true])
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it('never puts a value into a finding', () => {
    const dirty = family(
      { jenis_lantai: 'RAHASIA', kode_kelurahan: 'RAHASIA' },
      { nik: 'RAHASIA', nama: 'RAHASIA', tanggal_lahir: 'RAHASIA' },
    )
    expect(JSON.stringify(clean(dirty).findings)).not.toContain('RAHASIA')
  })

  it('gives every finding a text in both languages', () => {
    const codes = clean(family({ jenis_lantai: 'Kaca', kucing: 1 }, { nik: 1, nama: '' })).findings.map(
      ({ code }) => code,
    )
    expect(codes.filter((code) => registry.findings[code] === undefined)).toEqual([])
  })
})

describe('the report of a check', () => {
  const parts = (record: Json): CheckedPart[] => partsOf(carik, entryOf(carik, record), clean(record))

  it('says one line for the family and one for each member', () => {
    const said = parts(family({ jenis_lantai: 'Kaca' }, { nik: 'X' }))
    expect(said.map(({ member, key, outcome, records }) => [member, key, outcome, records.length])).toEqual([
      [null, 'KLG-00000001', 'accepted', 1],
      [0, 'IDV-0000000101', 'accepted', 1],
      [1, 'IDV-0000000102', 'accepted', 1],
    ])
    const codes = said.map(({ findings }) => findings.map(({ code }) => code).filter((code) => /^[a-z]/.test(code)))
    expect(codes).toEqual([['code-unmapped'], [], ['nik-letters']])
  })

  it('names the members of a family that is held', () => {
    expect(parts(family({}, { nama: '' })).map(({ member, key, outcome }) => [member, key, outcome])).toEqual([
      [null, 'KLG-00000001', 'held'],
      [0, 'IDV-0000000101', 'held'],
      [1, 'IDV-0000000102', 'held'],
    ])
  })

  it('counts outcomes, codes without a counterpart, and how far fields are filled', () => {
    const coverage = new Coverage(carik)
    for (const record of [family(), family({ jenis_lantai: 'Kaca' }), family({ jenis_lantai: 'Kaca' }, { nama: '' })]) {
      coverage.add(entryOf(carik, record), clean(record))
    }
    expect(coverage.outcomes).toEqual({ accepted: 2, held: 1, rejected: 0 })
    expect(coverage.unmapped).toEqual([{ path: '/jenis_lantai', value: 'Kaca', count: 2 }])
    expect(coverage.fields.find(({ key }) => key === 'keluarga.jenis_lantai_terluas')).toMatchObject({
      filled: 1,
      records: 2,
    })
    expect(coverage.fields.find(({ key }) => key === 'individu.nama')).toMatchObject({ filled: 4, records: 4 })
    expect(coverage.codes.find(({ code }) => code === 'code-unmapped')).toMatchObject({ count: 2, firstLine: 1 })
  })
})

describe('clean', () => {
  it('gives a verdict for any JSON in any place, and never throws', () => {
    const anywhere = fc.oneof(
      fc.constantFrom(...Object.keys(sample)),
      fc.constantFrom(...Object.keys(sample.anggota[0] ?? {})),
    )
    fc.assert(
      fc.property(anywhere, fc.jsonValue(), fc.boolean(), (name, value, inMember) => {
        const record = inMember ? family({}, { [name]: value as Json }) : family({ [name]: value as Json })
        const { verdict, records } = clean(record)
        expect(verdict === 'accepted').toBe(records.length > 0)
        for (const { fields } of records)
          expect(Object.values(fields).every((field) => field !== undefined && field !== null && field !== '')).toBe(
            true,
          )
      }),
      { numRuns: 500 },
    )
  })
})
