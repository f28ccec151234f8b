import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileEntries } from '../../src/cli/dataset/file-entries.ts'
import type { SourceFormat } from '../../src/domain/dataset.ts'
import type { TitianError } from '../../src/domain/error.ts'
import { sentence } from '../../src/language/diagnostics.ts'
import { builtIn, compileWith, edited } from './registry-under-test.ts'

const MAPPING = 'datasets/carik/1/mapping.yaml'
const LANTAI = 'datasets/carik/1/codes/lantai.yaml'
const SCHEMA = 'datasets/carik/1/schema.json'
const PLATFORM = 'platforms/carik-jakarta.yaml'

const DATASETS = /^datasets: .*$/m.exec(builtIn.get(PLATFORM)?.text ?? '')?.[0] ?? ''

type Mistake = [what: string, file: string, from: string, to: string, line: string, advice: string]

/** Each a mistake that somebody made or will make: the text that is replaced, where the fault is told, and what it says to do. */
const MISTAKES: Mistake[] = [
  // The mapping: words.
  ['a key that is misspelt', MAPPING, 'alamat: { from:', 'alamat: { form:', '      alamat:', 'Did you mean "from"?'],
  ['a converter that there is not', MAPPING, 'as: nik }', 'as: nikk }', 'nomor_induk', 'Did you mean "nik"?'],
  [
    'a variable that there is not',
    MAPPING,
    '      luas_lantai:',
    '      luas_lantay:',
    '      luas_lantay:',
    'Did you mean "luas_lantai"?',
  ],
  [
    'a column that there is not',
    MAPPING,
    'from: jenis_atap',
    'from: jenis_atab',
    'jenis_atap_terluas',
    'Did you mean "jenis_atap"?',
  ],
  [
    'a column that nothing reads',
    MAPPING,
    '[rt, rw, dasawisma]',
    '[rt, rw]',
    '',
    'No rule reads the column "dasawisma"',
  ],
  [
    'a list that there is not',
    MAPPING,
    'codes: dinding',
    'codes: dindin',
    'jenis_dinding_terluas',
    'Did you mean "dinding"?',
  ],
  [
    'a region scheme that there is not',
    MAPPING,
    'scheme: bps',
    'scheme: kemendagris',
    'scheme:',
    'Use one of bps, kemendagri',
  ],
  // The mapping: values that the standard does not know.
  [
    'a constant that is no code',
    MAPPING,
    'kd_status_kehamilan: { from: hamil, as: boolean }',
    'kd_status_kehamilan: { constant: "7" }',
    'kd_status_kehamilan',
    '"7" is no code of the canonical list ya_tidak',
  ],
  [
    'a constant that is a number',
    MAPPING,
    'kd_status_kehamilan: { from: hamil, as: boolean }',
    'kd_status_kehamilan: { constant: 2 }',
    'kd_status_kehamilan',
    'Write "2" in quotes',
  ],
  [
    'a constant day that does not exist',
    MAPPING,
    'tanggal_pendataan: { from: tanggal_pendataan, as: date, format: YYYY-MM-DD }',
    'tanggal_pendataan: { constant: "2025-02-30" }',
    '      tanggal_pendataan:',
    '"2025-02-30" is no date',
  ],
  [
    'a reference date that is no date',
    MAPPING,
    'referenceDate: { from: tanggal_pendataan, as: date, format: YYYY-MM-DD }',
    'referenceDate: { constant: "30 Juni 2025" }',
    'referenceDate:',
    'Write it as "2025-06-30"',
  ],
  [
    'a name where a number belongs',
    MAPPING,
    'luas_lantai: { from: luas_lantai, as: integer, round: down }',
    'luas_lantai: { from: luas_lantai, as: name }',
    '      luas_lantai:',
    'luas_lantai holds a whole number, and "name" gives a text',
  ],
  [
    'fractions where a whole number belongs',
    MAPPING,
    'as: integer, round: down }',
    'as: number }',
    '      luas_lantai:',
    '"number" may give fractions. Use "integer"',
  ],
  [
    'yes and no where a list belongs',
    MAPPING,
    'jenis_lantai_terluas: { from: jenis_lantai, codes: lantai }',
    'jenis_lantai_terluas: { from: jenis_lantai, as: yes-no, pair: YA/TIDAK }',
    'jenis_lantai_terluas',
    'is not answered by yes and no',
  ],
  [
    'an answer of a condition that no list has',
    MAPPING,
    'kd_status_kehamilan: { from: hamil, as: boolean }',
    'kd_status_kehamilan: { from: hamil, as: boolean, when: { "@jenis_kelamin": P } }',
    'kd_status_kehamilan',
    '"P" is no code of jenis_kelamin, so this never holds',
  ],
  [
    'a word that means yes and no',
    MAPPING,
    'from: hamil, as: boolean',
    'from: hamil, as: yes-no, pair: [1/2, 2/1]',
    'kd_status_kehamilan',
    'means yes and no in these pairs',
  ],
  // The mapping: paths and places.
  [
    'a field that is asked for before it is made',
    MAPPING,
    'nama: { from: nama, as: name }',
    'nama: { from: nama, as: name, when: { "@jenis_kelamin": "1" } }',
    '      nama: {',
    'Move the rule of jenis_kelamin above it',
  ],
  [
    'a field that nobody makes',
    MAPPING,
    '"@umur": 10..130',
    '"@usia": 10..130',
    'status_bekerja',
    'This block makes no "usia"',
  ],
  [
    'a field of the head that no member has',
    MAPPING,
    '{ head: nama }',
    '{ head: nama_kepala }',
    'nama_anggota_keluarga',
    'makes no "nama_kepala"',
  ],
  [
    'a field of the head of another kind',
    MAPPING,
    '{ head: nama }',
    '{ head: tanggal_lahir }',
    'nama_anggota_keluarga',
    'is of another kind than nama_anggota_keluarga',
  ],
  ['an array that is none', MAPPING, 'each: anggota', 'each: alamat', 'each:', 'has no array of objects "alamat"'],
  [
    'a rule behind one that always holds',
    MAPPING,
    '- { when: { pekerjaan: [Pelajar/Mahasiswa, PELAJAR/MAHASISWA] }, constant: "2", inferred: true }',
    '- { constant: "2", inferred: true }',
    '        - { constant',
    'those behind it are never used',
  ],
  [
    'several columns without a join',
    MAPPING,
    'alamat: { from: alamat,',
    'alamat: { from: [alamat, rt],',
    '      alamat:',
    'only with "join" or "pad"',
  ],
  [
    'a lookup in a dataset that there is not',
    MAPPING,
    'records:',
    'lookups:\n  induk: { dataset: carikk, key: { no_kk: no_kk } }\nrecords:',
    '  induk:',
    'There is no dataset "carikk"',
  ],
  [
    'a lookup of a column that there is not',
    MAPPING,
    'records:',
    'lookups:\n  induk: { dataset: carik, key: { no_kk: nomor } }\nrecords:',
    '  induk:',
    'carik has no column "nomor"',
  ],
  // The mapping: what would be silent.
  [
    'an array that is three deep',
    MAPPING,
    'each: anggota',
    'each: rumah[].kk[].anggota',
    'each:',
    'arrays three deep cannot be mapped',
  ],
  ['brackets at the end of an array', MAPPING, 'each: anggota', 'each: anggota[]', 'each:', 'without [] at the end'],
  [
    'a lookup by what another lookup found',
    MAPPING,
    'records:',
    'lookups:\n  kk: { dataset: carik, key: { no_kk: no_kk } }\n  rumah: { dataset: carik, key: { "kk:alamat": alamat } }\nrecords:',
    '  rumah:',
    'looked up by columns of its own file',
  ],
  [
    'a number that would be two days',
    MAPPING,
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: [epoch-ms, epoch-s], zone: Asia/Jakarta }',
    'tanggal_lahir: {',
    'one number would be two days',
  ],
  [
    'a template whose bracket is not closed',
    MAPPING,
    'alamat: { from: alamat,',
    'alamat: { template: "{alamat}[ RT {rt}",',
    '      alamat:',
    'A bracket of the template has no partner',
  ],
  [
    'a count of what is no array',
    MAPPING,
    'count: anggota',
    'count: no_kk',
    'jumlah_anggota_keluarga',
    'there is nothing to count',
  ],
  [
    'the list of another variable',
    MAPPING,
    'jenis_lantai, codes: lantai',
    'jenis_lantai, codes: dinding',
    'jenis_lantai_terluas',
    'its codes are of jenis_dinding',
  ],
  [
    'a sum where codes do not add up',
    MAPPING,
    'jenis_lantai, codes: lantai',
    'jenis_lantai, as: additive, bits: { "1": "1" }',
    'jenis_lantai_terluas',
    'do not add up',
  ],
  [
    'a condition on an array of objects',
    MAPPING,
    'alamat: { from: alamat,',
    'alamat: { from: alamat, when: { anggota: { contains: PKH } },',
    '      alamat:',
    '"anggota" is an array of objects, and a rule reads values',
  ],
  ['a range that is empty', MAPPING, '"@umur": 10..130', '"@umur": 130..10', 'status_bekerja', 'smaller number first'],
  ['an age that is a text', MAPPING, '"@umur": 10..130', '"@umur": 10-130', 'status_bekerja', 'such as 10..53'],
  [
    'words of yes and no without a slash',
    MAPPING,
    'from: hamil, as: boolean',
    'from: hamil, as: yes-no, pair: YA-TIDAK',
    'kd_status_kehamilan',
    'such as YA/TIDAK',
  ],
  ['a workbook as kind', MAPPING, 'kind: ndjson', 'kind: xlsx', 'format:', 'XLSX workbook are read as csv'],
  [
    'an extension twice',
    MAPPING,
    '[rt, rw, dasawisma]',
    '[rt, rw, dasawisma, rt]',
    '    extensions: [rt',
    'Entries 1 and 4 are the same',
  ],
  // The mapping: dates.
  [
    'a date format that there is not',
    MAPPING,
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: DD/MM/YYY }',
    'tanggal_lahir: {',
    'Did you mean "DD/MM/YYYY"?',
  ],
  [
    'a year of two digits without a century',
    MAPPING,
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: DD-MM-YY }',
    'tanggal_lahir: {',
    'needs "century"',
  ],
  [
    'day first and month first at once',
    MAPPING,
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: [D/M/YYYY, M/D/YYYY] }',
    'tanggal_lahir: {',
    '03/04 would be two days',
  ],
  [
    'an instant without a zone',
    MAPPING,
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
    'tanggal_lahir: { from: tanggal_lahir, as: date, format: epoch-ms }',
    'tanggal_lahir: {',
    'needs "zone"',
  ],
  // YAML and JSON.
  ['a colon in a text', MAPPING, 'title: Carik Jakarta', 'title: Carik: Jakarta', 'title:', 'Put the text in quotes'],
  ['an @ without quotes', MAPPING, '"@umur": 10..130', '@umur: 10..130', 'status_bekerja', 'needs quotes: "@umur"'],
  ['a tab', MAPPING, '    key: id_keluarga', '\tkey: id_keluarga', '\tkey:', 'Indent with blanks'],
  [
    'a key twice',
    MAPPING,
    '    key: id_keluarga',
    '    key: id_keluarga\n    key: id_keluarga',
    'key: id_keluarga\n    household',
    'The key key stands twice here',
  ],
  [
    'an alias that names nothing',
    MAPPING,
    'key: id_keluarga\n',
    'key: *id\n',
    'key: *id',
    'begins with * needs quotes',
  ],
  ['a schema that is no schema', SCHEMA, '"type": "array"', '"type": "arry"', '{', 'Ajv cannot use this schema'],
  // Code lists.
  ['a code that is no code', LANTAI, 'Keramik: "2"', 'Keramik: "77"', 'Keramik:', 'Use one of 1, 2, 3'],
  ['a code without quotes', LANTAI, 'Keramik: "2"', 'Keramik: 2', 'Keramik:', 'in quotes: "2"'],
  [
    'a label twice',
    LANTAI,
    '  Keramik: "2"',
    '  Keramik: "2"\n  " keramik": "2"',
    '  " keramik"',
    'is in the list already',
  ],
  [
    'a choice that is no candidate',
    LANTAI,
    'Keramik: "2"',
    'Keramik: { candidates: ["2", "4"], choose: "3" }',
    'Keramik:',
    'takes one of the candidates',
  ],
  // Platforms.
  ['a platform without datasets', PLATFORM, DATASETS, 'datasets: []', 'datasets:', 'This is empty'],
  [
    'a month that there is not',
    PLATFORM,
    "validFrom: '2025-01-01'",
    "validFrom: '2025-13-01'",
    '  validFrom',
    'This is no date',
  ],
  ['a scope that is no place', PLATFORM, "['31']", "['3199']", 'scope:', 'There is no regency 3199 in the BPS scheme'],
  ['a scope of no width', PLATFORM, "['31']", "['317']", 'scope:', 'has 3 digits'],
  [
    'agreements that overlap',
    PLATFORM,
    'agreement:\n',
    "earlier:\n  - { number: LAMA, parties: [A], purpose: p, legalBasis: [l], validFrom: '2024-01-01', validTo: '2025-01-01', fields: '*' }\nagreement:\n",
    "  validFrom: '2025-01-01'",
    'begins before the one before has ended',
  ],
  [
    'two agreements of one name',
    PLATFORM,
    'agreement:\n',
    "earlier:\n  - { number: SINTETIS/PKS-001/BPS-DKI/2025, parties: [A], purpose: p, legalBasis: [l], validFrom: '2024-01-01', validTo: '2024-12-31', fields: '*' }\nagreement:\n",
    '  number: SINTETIS',
    'Give the later one a `version`',
  ],
  [
    'a field of an agreement that there is not',
    PLATFORM,
    "fields: '*'",
    'fields: [individu.nik]',
    'fields:',
    '"individu.nik" is no canonical variable',
  ],
  [
    'a dataset that there is not',
    PLATFORM,
    'carik,',
    'carick,',
    'datasets:',
    'names the dataset "carick", which does not exist. Did you mean "carik"?',
  ],
]

const lineOf = (text: string, part: string) => (text.split(part)[0] ?? '').split('\n').length

describe('a deliberate mistake in the registry', () => {
  it.for(MISTAKES)('%s is refused with its file, its line, and what to do', ([, file, from, to, place, advice]) => {
    const edits = edited(file, from, to)
    const told = compileWith(edits).diagnostics.list.map(sentence)
    const fault = told.find((text) => text.includes(advice))
    expect(fault, told.join('\n')).toBeDefined()
    const where = file === MAPPING && place === '' ? SCHEMA : file
    const text = where === file ? (edits[file] ?? '') : (builtIn.get(where)?.text ?? '')
    expect(fault).toMatch(new RegExp(`^(?:src/registry/)?${where}:[0-9]+ `))
    const line = Number(/:([0-9]+) /.exec(fault ?? '')?.[1])
    expect(line).toBe(lineOf(text, place === '' ? '"dasawisma": {' : place))
  })

  it('in a draft stops nothing: the draft is left out, and told', () => {
    const broken = Object.fromEntries(
      [...builtIn]
        .filter(([path]) => path.startsWith('datasets/carik/1/'))
        .map(([path, { text }]) => [
          path.replace('/1/', '/2/'),
          path === MAPPING ? `draft: true\n${text.replace('as: nik }', 'as: nikk }')}` : text,
        ]),
    )
    const { registry, diagnostics } = compileWith(broken)
    // Only one dataset is compiled here, and the platforms name others.
    const { list } = compileWith({}).diagnostics
    expect(diagnostics.list).toEqual(list)
    expect([...registry.versions.keys()]).toEqual(['carik@1'])
    expect(registry.draftFaults.map(sentence).join('\n')).toContain('Did you mean "nik"?')
    const noYaml = compileWith({ ...broken, 'datasets/carik/2/mapping.yaml': 'draft: true\ntitle: a: b\n' })
    expect([noYaml.diagnostics.list, noYaml.registry.datasets.get('carik')?.version]).toEqual([list, '1'])
  })
})

describe('a deliberate mistake in a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'titian-mistakes-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const CSV: SourceFormat = { kind: 'csv', delimiter: ';', columns: ['NIK', 'NAMA', 'UMUR'], encodings: ['utf-8'] }
  const NDJSON: SourceFormat = { kind: 'ndjson' }

  it.for<[string, SourceFormat, string | Buffer, string, string]>([
    [
      'another delimiter',
      CSV,
      'NIK:NAMA:UMUR\n1:A:3\n',
      'separated by ":", and the dataset declares ";"',
      'Kolom dipisahkan ":"',
    ],
    [
      'a column that is not known',
      CSV,
      'NIK;NAMA;UMUR;HP\n',
      'Column 4 "HP" is not known',
      'Kolom ke-4 "HP" tidak dikenal',
    ],
    ['a column that is missing', CSV, 'NIK;UMUR\n', 'The column "NAMA" is missing', 'Kolom "NAMA" tidak ada'],
    ['no header', CSV, '3175092402120001;SITI;31\n', 'Column 2 is not known', 'Kolom ke-2 tidak dikenal'],
    [
      'a workbook that is cut off',
      CSV,
      Buffer.from([0x50, 0x4b, 3, 4, 0, 0]),
      'The workbook is cut off or damaged. Save it anew',
      'Buku kerja terpotong atau rusak. Simpan ulang',
    ],
    [
      'a column of UTF-16 that is not known',
      CSV,
      Buffer.from('\ufeffNIK;NAMA;HP\n', 'utf16le'),
      'Column 3 "HP" is not known',
      'Kolom ke-3 "HP" tidak dikenal',
    ],
    ['a CSV where JSON belongs', NDJSON, 'a,b\n1,2\n3,4\n', 'Is this file a CSV?', 'Apakah berkas ini CSV?'],
  ])(
    '%s is refused with the file, its line, and what to do in both languages',
    async ([name, format, content, en, id]) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.txt`)
      await writeFile(file, content)
      const read = async () => {
        for await (const _ of fileEntries(file, format));
      }
      const error = (await read().catch((caught: unknown) => caught)) as TitianError
      for (const line of error.message.split('\n')) expect(line.startsWith(`${file}:1 `)).toBe(true)
      expect(error.message).toContain(en)
      expect(error.message).toContain(id)
      expect(error.message).not.toMatch(/SITI|3175/)
    },
  )
})
