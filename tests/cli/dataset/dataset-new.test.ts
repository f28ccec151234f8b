import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Mapping } from '../../../src/clean/mapping/mapping.ts'
import { titian } from '../../support/command.ts'

const SAMPLES = [
  'carik-jakarta/carik.ndjson',
  'carik-jakarta/dtks-individu.csv',
  'carik-jakarta/dtks-rumah-tangga.csv',
  'carik-jakarta/p3ke-individu.csv',
  'carik-jakarta/p3ke-keluarga.csv',
  'jembrana/jembrana.csv',
  'smart-kampung-banyuwangi/smart-kampung.ndjson',
  'sumedang/sumedang.csv',
]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-new-'))
})
afterEach(() => rm(folder, { recursive: true }))

const run = (...args: string[]) => titian(args, { TITIAN_REGISTRY: folder })

async function written(name: string, version = '1'): Promise<Map<string, string>> {
  const root = join(folder, 'datasets', name, version)
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const texts = files.map(async ({ parentPath, name: file }) => {
    const path = join(parentPath, file)
    return [path.slice(root.length + 1), await readFile(path, 'utf8')] as const
  })
  return new Map(await Promise.all(texts))
}

/** What a sample holds of people: everything that is not a label of a list. */
function personalValues(text: string): string[] {
  const numbers = text.match(/[0-9]{8,}/g) ?? []
  const names = text.match(/(?<=(?:nama|NAMA|namaLengkap|alamat|ALAMAT)":")[^"]{5,}/g) ?? []
  return [...new Set([...numbers, ...names])]
}

describe('titian dataset new', () => {
  it.for(SAMPLES)(
    'drafts from %s a folder that loads, tests and checks, with no value of a person in it',
    async (sample) => {
      const file = join('tests/samples', sample)
      expect((await run('dataset', 'new', 'baru', '--from', file)).code).toBe(0)
      const { out, code } = await run('dataset', 'test', 'baru')
      expect([out[0], out.at(-1), code]).toEqual(['baru 1 (draft)', 'All examples of 1 version hold.', 0])
      const checked = await run('check', '--dataset', 'baru', '--json', file)
      const accepted = checked.out.filter((line) => JSON.parse(line).outcome === 'accepted').length
      expect(accepted / checked.out.length).toBeGreaterThan(0.75)
      const files = [...(await written('baru')).values()].join('\n')
      const values = personalValues(await readFile(file, 'latin1'))
      expect(values.length).toBeGreaterThan(100)
      expect(values.filter((value) => files.includes(value))).toEqual([])
    },
  )

  it('recognizes columns, formats, labels and the family inside a person row', async () => {
    await run('dataset', 'new', 'baru', '--from', 'tests/samples/sumedang/sumedang.csv')
    const files = await written('baru')
    const mapping = parse(files.get('mapping.yaml') ?? '') as Mapping
    expect(mapping).toMatchObject({ draft: true, format: { kind: 'csv', delimiter: ';' } })
    const [person, family] = mapping.records
    expect([person?.level, person?.key, family?.level, family?.key]).toEqual([
      'individu',
      'no_data',
      'keluarga',
      'no_data',
    ])
    expect(person?.fields).toMatchObject({
      nomor_induk_kependudukan: { from: 'nik', as: 'nik' },
      tanggal_lahir: { from: 'tanggal_lahir', as: 'date', format: 'D MMMM YYYY' },
      status_hubungan_keluarga: { from: 'hubungan_keluarga' },
    })
    expect(family?.fields).toMatchObject({
      luas_lantai: { as: 'integer', decimal: ',' },
      jenis_lantai_terluas: { from: 'lantai', codes: 'lantai' },
      nama_anggota_keluarga: { from: 'nama', when: { hubungan_keluarga: 'Kepala Keluarga' } },
    })
    expect(parse(files.get('codes/lantai.yaml') ?? '').rows).toMatchObject({ Keramik: '2', Tanah: '8' })
  })

  it('states the scheme of region codes only as a question', async () => {
    await run('dataset', 'new', 'baru', '--from', 'tests/samples/sumedang/sumedang.csv')
    const files = await written('baru')
    const mapping = files.get('mapping.yaml') ?? ''
    expect(parse(mapping).region).toBeUndefined()
    expect(mapping).toMatch(/# TO DECIDE: in which scheme is kode_desa\?/)
    expect(mapping).toContain('# region:\n#   code: kode_desa\n#   scheme: kemendagri\n')
    expect(files.get('README.md')).toContain('- [ ] in which scheme is kode_desa?')
    await writeFile(
      join(folder, 'datasets/baru/1/mapping.yaml'),
      mapping.replace(/^# (region:| {2}code:| {2}scheme:| {2}names:)/gm, '$1'),
    )
    const { out } = await run('check', '--dataset', 'baru', '--json', 'tests/samples/sumedang/sumedang.csv')
    const [, keluarga] = JSON.parse(out[0] ?? '').records
    expect(keluarga.fields.kode_kabupaten_kota).toBe('3211')
  })

  it('gives a known dataset its next version, which new batches do not get while it is a draft', async () => {
    const { out } = await run('dataset', 'new', 'sumedang', '--from', 'tests/samples/sumedang/sumedang.csv')
    expect(out.every((path) => path.startsWith(join(folder, 'datasets/sumedang/2/')))).toBe(true)
    const checked = await run('check', '--dataset', 'sumedang', 'tests/samples/sumedang/sumedang.csv')
    expect(checked.out[0]).toContain('sumedang 1,')
    expect((await run('check', '--dataset', 'sumedang@2', 'tests/samples/sumedang/sumedang.csv')).out[0]).toContain(
      'sumedang 2,',
    )
  })

  it('reads compressed files, arrays, tabs and bars', async () => {
    const rows = [
      ['ID', 'NAMA LENGKAP', 'JK', 'TGL LAHIR'],
      ['A-1', 'Contoh Satu', 'L', '01/02/1980'],
      ['A-2', 'Contoh Dua', 'P', '28/02/1981'],
      ['A-3', 'Contoh Tiga', 'P', '13/12/1982'],
    ]
    for (const [name, bytes] of [
      ['tab', rows.map((row) => row.join('\t')).join('\r\n')],
      ['bar', gzipSync(rows.map((row) => row.join('|')).join('\n'))],
      [
        'larik',
        JSON.stringify(rows.slice(1).map((row) => Object.fromEntries(row.map((cell, at) => [rows[0]?.[at], cell])))),
      ],
    ] as const) {
      const file = join(folder, `${name}${name === 'bar' ? '.gz' : ''}`)
      await writeFile(file, bytes)
      expect((await run('dataset', 'new', name, '--from', file)).err[0]).toMatch(/questions are open/)
      const mapping = parse((await written(name)).get('mapping.yaml') ?? '') as Mapping
      expect(mapping.records[0]).toMatchObject({
        key: 'ID',
        fields: {
          nama: { from: 'NAMA LENGKAP' },
          jenis_kelamin: { codes: { L: '1', P: '2' } },
          tanggal_lahir: { format: 'DD/MM/YYYY' },
        },
      })
      expect((await run('dataset', 'test', name)).code).toBe(0)
    }
  })

  it('makes one name of its parts, in a file of persons of another country', async () => {
    const first = ['Ada', 'Bo', 'Cy', 'Di', 'Ed']
    const rows = Array.from({ length: 40 }, (_, at) => {
      const born = at === 7 ? '19871399' : at === 9 ? '' : String(19_500_101 + at * 10_000)
      return [`r${at}`, first[at % 5], ['Ash', 'Elm', 'Oak'][at % 3], 1 + (at % 9), born, 'mf'[at % 2]]
    })
    const header = ['rec_id', 'given_name', 'surname', 'no_rumah', 'date_of_birth', 'sex']
    const file = join(folder, 'asing.csv')
    await writeFile(file, [header, ...rows].map((row) => `${row.join(', ')}\n`).join(''))
    expect((await run('dataset', 'new', 'asing', '--from', file)).code).toBe(0)
    const files = await written('asing')
    const mapping = files.get('mapping.yaml') ?? ''
    expect(parse(mapping).records).toEqual([
      {
        level: 'individu',
        key: 'rec_id',
        fields: {
          nama: { from: ['given_name', 'surname'], join: ' ', as: 'name' },
          tanggal_lahir: { from: 'date_of_birth', as: 'date', format: 'YYYYMMDD' },
          jenis_kelamin: { from: 'sex', codes: 'sex' },
        },
        extensions: { no_rumah: 'no_rumah' },
      },
    ])
    expect(mapping).toContain('# TO DECIDE: does no_rumah join the members of one family?')
    expect(files.get('codes/sex.yaml')).toContain('m: "1" # TO DECIDE: is this Laki-laki?')
    expect(files.get('README.md')).toContain('| `surname` | Surname | `individu.nama` |')
    expect((await run('dataset', 'test', 'asing')).code).toBe(0)
    const { out } = await run('check', '--dataset', 'asing', '--json', file)
    const checked = out.map((line) => JSON.parse(line))
    expect(checked.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'accepted')).toEqual(['held', 'held'])
    expect(checked[0].records[0].fields).toEqual({
      nama: 'ADA ASH',
      tanggal_lahir: '1950-01-01',
      jenis_kelamin: '1',
    })
  })

  it.for([
    ['nama_depan', 'nama_tengah', 'nama_belakang'],
    ['firstName', 'middleName', 'lastName'],
    ['Forename', 'x1', 'Family Name'],
  ])('knows %s, %s and %s as parts of one name', async (names) => {
    const file = join(folder, 'a.csv')
    await writeFile(file, `id,${names.toReversed().join(',')},dob\nA-1,C,B,A,01/02/1980\nA-2,F,E,D,28/02/1981\n`)
    await run('dataset', 'new', 'baru', '--from', file)
    const { records } = parse((await written('baru')).get('mapping.yaml') ?? '') as Mapping
    expect(records.map(({ level }) => level)).toEqual(['individu'])
    expect(records[0]?.fields.nama).toMatchObject({ from: names.filter((name) => name !== 'x1') })
  })

  it.for([
    ['a file without a header', 'a.csv', '3404010101900001,Contoh\n3404010101900002,Contoh\n', 'looks like data'],
    ['a column without a name', 'a.csv', 'nama,,nik\nContoh,B,1\n', 'column 2 of the sample'],
    ['an empty file', 'a.csv', '', 'empty'],
    ['no records', 'a.csv', 'nama,nik\n', 'no records'],
    ['a broken array', 'a.json', '[{"nama":', 'cannot be read'],
    ['columns that mean nothing here', 'a.csv', 'x1,x2\nA,B\n', 'Rename the columns of a copy'],
    ['a workbook', 'a.xlsx', Buffer.from('PK\x03\x04\x14\0'), 'save its sheet as CSV'],
    ['an old workbook', 'a.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'save its sheet as CSV'],
  ] as const)('refuses %s in one sentence that holds no value', async ([, name, bytes, sentence]) => {
    const file = join(folder, name)
    await writeFile(file, bytes)
    const { err, code } = await run('dataset', 'new', 'baru', '--from', file)
    expect([err.length, err[0], code]).toEqual([1, expect.stringContaining(sentence), 1])
    expect(err[0]).not.toMatch(/340401|Contoh/)
  })

  it('reads a sample as an office writes it: UTF-16, a sep line, doubled names, empty columns at the end', async () => {
    const file = join(folder, 'kantor.csv')
    const text = 'sep=|\r\n id |nama|L/P|TGL_LHR|ket|ket|\r\nA-1|Budi|L|17-8-1985|x|y|\r\nA-2|Siti|P|1-2-1990|z|w|\r\n'
    await writeFile(file, Buffer.from(`\ufeff${text}`, 'utf16le'))
    const { err, code } = await run('dataset', 'new', 'kantor', '--from', file)
    expect(code).toBe(0)
    const files = await written('kantor')
    const { format, records } = parse(files.get('mapping.yaml') ?? '') as Mapping
    expect(format).toEqual({ kind: 'csv', delimiter: '|', encodings: ['utf-8'] })
    expect(records[0]).toMatchObject({
      fields: { nama: {}, jenis_kelamin: {}, tanggal_lahir: { from: 'TGL_LHR', format: 'D-M-YYYY' } },
      extensions: { ket: 'ket', 'ket.2': 'ket.2' },
    })
    expect(err.join('\n')).toContain('no column looks like status_hubungan_keluarga. Is one of ket, ket.2?')
    const { out } = await run('check', '--dataset', 'kantor', '--json', file)
    expect(out.map((line) => JSON.parse(line).outcome)).toEqual(['accepted', 'accepted'])
  })

  it('survives names that every object inherits', async () => {
    const file = join(folder, 'a.ndjson')
    await writeFile(
      file,
      '{"id":"A1","nama":"X","jk":"L","__proto__":{"evil":"1"},"constructor":{"prototype":{"evil":"1"}}}\n',
    )
    expect((await run('dataset', 'new', 'baru', '--from', file)).code).toBe(0)
    expect(({} as { evil?: string }).evil).toBeUndefined()
    expect(Object.keys(JSON.parse((await written('baru')).get('schema.json') ?? '').properties)).toEqual([
      'id',
      'nama',
      'jk',
    ])
  })

  it('refuses a name that is none, and a file that is none', async () => {
    expect((await run('dataset', 'new', 'Baru_1', '--from', 'x.csv')).err[0]).toContain('small letters')
    expect((await run('dataset', 'new', 'baru', '--from', 'x.csv')).err[0]).toContain('cannot be read')
  })
})
