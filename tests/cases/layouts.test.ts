import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import { readOtherFiles } from '../../src/cli/dataset/other-files.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import { Diagnostics, sentence } from '../../src/language/diagnostics.ts'

const FOLDER = 'tests/cases/layouts'
const diagnostics = new Diagnostics()
const registry = readParts(
  await readRegistry(['src/registry', join(FOLDER, 'registry')]),
  (identity) => `(${identity})`,
  diagnostics,
)

/** The entries of a file, by line; `latin1` as an office machine with Windows-1252 would have written it. */
async function cleaned(dataset: string, file: string, options: { latin1?: boolean; others?: string[] } = {}) {
  const compiled = registry.datasets.get(dataset)
  const platform = registry.platforms.get('uji')
  if (compiled === undefined || platform === undefined) throw new Error(`${dataset} is not there`)
  const paths = (options.others ?? []).map((other) => join(FOLDER, 'files', other))
  using others = await readOtherFiles(compiled, paths, registry)
  const bytes = Buffer.from(readFileSync(join(FOLDER, 'files', file), 'utf8'), options.latin1 ? 'latin1' : 'utf8')
  const entries = new Map<number, CleanEntry>()
  async function* once() {
    yield bytes
  }
  for await (const entry of readEntries(once(), compiled.format, { recordBytes: 100_000 }))
    entries.set(entry.line, compiled.clean(entry, platform, others))
  return entries
}

/** Findings of values that are damaged in the file; rules of the book are no part of what is looked at here. */
function damageOf({ findings }: CleanEntry): string[] {
  return findings.filter(({ code }) => /^[a-z]/.test(code)).map(({ code, path }) => `${code} ${path}`)
}

const recordsOf = (entry: CleanEntry | undefined, level: string) =>
  (entry?.records ?? []).filter((record) => record.level === level)

describe('layouts that are mapped by data alone', () => {
  it('load without a fault', () => {
    expect(diagnostics.list.map(sentence)).toEqual([])
  })
})

describe('a village export with bars in Windows-1252', async () => {
  const entries = await cleaned('desa-ekspor', 'desa-ekspor.psv', { latin1: true })
  const person = (line: number) => recordsOf(entries.get(line), 'individu')[0]
  const family = (line: number) => recordsOf(entries.get(line), 'keluarga')[0]

  it('gives a family only in the row of the head, however the relation is spelt', () => {
    expect([2, 3, 4, 5, 6].map((line) => family(line) !== undefined)).toEqual([true, false, false, true, false])
    expect([...entries.values()].map(({ verdict }) => verdict)).toEqual(Array(5).fill('accepted'))
  })

  it.for([
    [
      2,
      {
        nama: 'AHMAD SUDRAJAT',
        tanggal_lahir: '1985-08-17',
        jenis_kelamin: '1',
        status_hubungan_keluarga: '1',
        rt_ktp: '003',
        rw_ktp: '002',
        pekerjaan_ktp: 'PETANI',
        nomor_induk_kependudukan: '3211151708850001',
      },
      { gelar: 'H. S.PD', telepon: '+6281234567890', penghasilan: 1_250_000, tempat_lahir: 'SUMEDANG' },
    ],
    [
      3,
      {
        nama: 'SITI AMINAH',
        tanggal_lahir: '1988-02-05',
        jenis_kelamin: '2',
        status_hubungan_keluarga: '2',
        rt_ktp: '003',
        rw_ktp: '002',
        nomor_induk_kependudukan: '3211154502880002',
      },
      { tempat_lahir: 'BANDUNG' },
    ],
    [
      4,
      {
        nama: 'JOSÉ AHMAD',
        tanggal_lahir: '2010-03-01',
        jenis_kelamin: '1',
        status_hubungan_keluarga: '3',
        rt_ktp: '003',
        rw_ktp: '002',
      },
      { tempat_lahir: 'SUMEDANG' },
    ],
    [
      5,
      {
        nama: 'KARTO WIRYO',
        tanggal_lahir: '1955-12-31',
        jenis_kelamin: '1',
        status_hubungan_keluarga: '1',
        rt_ktp: '004',
        rw_ktp: '011',
      },
      { gelar: 'DRS.', telepon: '+6281399990000', penghasilan: 2_500_000 },
    ],
    [
      6,
      {
        nama: 'RUKMINI',
        tanggal_lahir: '1958-11-12',
        jenis_kelamin: '2',
        status_hubungan_keluarga: '2',
        rt_ktp: '004',
        rw_ktp: '011',
      },
      { HP: '0813' },
    ],
  ] as const)('reads every value of the person in row %i', ([line, fields, extensions]) => {
    expect(person(line)?.fields).toMatchObject(fields)
    expect(person(line)?.extensions).toMatchObject(extensions)
    expect(person(line)?.extensions?.kode_kelurahan_desa).toBe('3211010001')
    expect(person(line)?.asOf).toBe('2025-06-01')
  })

  it.for([
    [
      2,
      {
        nama_anggota_keluarga: 'AHMAD SUDRAJAT',
        alamat: 'JL. MAWAR NO. 5',
        status_kepemilikan_rumah: '1',
        jenis_lantai_terluas: '2',
        luas_lantai: 42,
        kd_pkh: '1',
        kd_bss_bnpt: '1',
        aset_bergerak_sepeda_motor: '1',
        kode_kelurahan_desa: '3211010001',
      },
    ],
    [
      5,
      {
        nama_anggota_keluarga: 'KARTO WIRYO',
        alamat: 'KP. CIPACING',
        status_kepemilikan_rumah: '3',
        jenis_lantai_terluas: '8',
        luas_lantai: 1024,
        kd_pkh: '2',
        kd_bss_bnpt: '1',
        aset_bergerak_sepeda_motor: '2',
        kode_kelurahan_desa: '3211010001',
      },
    ],
  ] as const)('reads every value of the house in row %i', ([line, fields]) => {
    expect(family(line)?.fields).toMatchObject(fields)
  })

  it('tells what is damaged, and nothing of the empty columns of the members', () => {
    expect([...entries].map(([line, entry]) => [line, damageOf(entry)])).toEqual([
      [2, []],
      [3, []],
      [4, []],
      [5, []],
      [6, ['nik-excel /NIK', 'name-deceased /NAMA', 'phone-invalid /HP']],
    ])
  })

  it('finds the key of a row again by the columns that it is made of', () => {
    const record = { 'NO KK': '3211152001150001', NAMA: 'siti  aminah', TTL: 'Bandung, 05 Pebruari 1988' }
    expect(registry.datasets.get('desa-ekspor')?.keysOf(record).records[0]).toEqual({
      level: 'individu',
      key: person(3)?.key,
    })
  })
})

describe('buildings with several families as nested JSON', async () => {
  const entries = await cleaned('bangunan-json', 'bangunan.ndjson')

  it('gives each family with its own members, head and place', () => {
    const families = recordsOf(entries.get(1), 'keluarga')
    expect(
      families.map(({ key, fields, extensions }) => [
        key,
        fields.nama_anggota_keluarga,
        fields.jumlah_anggota_keluarga,
        fields.kd_pkh,
        extensions?.head_phone,
      ]),
    ).toEqual([
      ['B-001-1', 'BUDI SANTOSO', 2, '1', '+6281234567890'],
      ['B-001-2', 'JOKO PRASETYO', 1, '2', '+62227798123'],
    ])
    for (const { fields } of families)
      expect(fields).toMatchObject({
        alamat: 'JL. MELATI 7',
        status_kepemilikan_rumah: '1',
        jenis_lantai_terluas: '2',
        luas_lantai: 54,
        kode_kelurahan_desa: '3211010001',
      })
    expect(entries.get(1)?.key).toBe('B-001')
  })

  it.for([
    [
      'M-1',
      'B-001-1',
      {
        nama: 'BUDI SANTOSO',
        tanggal_lahir: '1985-08-17',
        jenis_kelamin: '1',
        status_hubungan_keluarga: '1',
        status_kawin: '2',
        nomor_kartu_keluarga: '3211152001150011',
        no_urut_anggota: 1,
      },
    ],
    [
      'M-2',
      'B-001-1',
      {
        nama: 'ANI LESTARI',
        tanggal_lahir: '1988-02-05',
        jenis_kelamin: '2',
        status_hubungan_keluarga: '2',
        status_kawin: '2',
        kd_status_kehamilan: '2',
        no_urut_anggota: 2,
      },
    ],
    [
      'M-3',
      'B-001-2',
      {
        nama: 'JOKO PRASETYO',
        tanggal_lahir: '1990-01-01',
        jenis_kelamin: '1',
        status_kawin: '1',
        nomor_kartu_keluarga: '3211152001150012',
        no_urut_anggota: 1,
      },
    ],
  ] as const)('reads every value of %s', ([key, household, fields]) => {
    const person = recordsOf(entries.get(1), 'individu').find((record) => record.key === key)
    expect(person?.fields).toMatchObject(fields)
    expect(person?.household?.key).toBe(household)
    expect(person?.asOf).toBe('2025-06-01')
  })

  it('says nothing of sound families, and holds a building without any', () => {
    expect(entries.get(1)?.findings).toEqual([])
    expect(damageOf(entries.get(2) as CleanEntry)).toEqual([
      'nik-number /house/families/0/members/0/nik',
      'phone-invalid /house/families/0/members/0/phone',
    ])
    expect(entries.get(3)).toMatchObject({ verdict: 'held', key: 'B-003', findings: [{ code: 'subject-missing' }] })
  })
})

describe('members whose families are in a file of their own', async () => {
  const families = await cleaned('desa-keluarga', 'keluarga.csv')
  const entries = await cleaned('desa-anggota', 'anggota.csv', { others: ['keluarga.csv'] })
  const person = (line: number) => recordsOf(entries.get(line), 'individu')[0]

  it.for([
    [
      2,
      {
        luas_lantai: 36,
        jenis_lantai_terluas: '2',
        sumber_penerangan_utama: '1',
        kd_pkh: '1',
        nomor_kartu_keluarga: '3211152001150031',
      },
    ],
    [
      3,
      {
        luas_lantai: 21,
        jenis_lantai_terluas: '6',
        sumber_penerangan_utama: '3',
        kd_pkh: '2',
        nomor_kartu_keluarga: '3211152001150032',
      },
    ],
    [4, { luas_lantai: 18, jenis_lantai_terluas: '8', sumber_penerangan_utama: '4', kd_pkh: '2' }],
  ] as const)('reads every value of the family in row %i', ([line, fields]) => {
    expect(recordsOf(families.get(line), 'keluarga')[0]?.fields).toMatchObject(fields)
  })

  it.for([
    [
      2,
      {
        nama: 'DEDI MULYA',
        tanggal_lahir: '1985-12-31',
        umur: 39,
        jenis_kelamin: '1',
        status_hubungan_keluarga: '1',
        nomor_kartu_keluarga: '3211152001150031',
      },
      '3211010001',
    ],
    [
      3,
      {
        nama: 'EUIS KOMALA',
        tanggal_lahir: '1987-03-15',
        umur: 38,
        jenis_kelamin: '2',
        kd_status_kehamilan: '2',
        nomor_induk_kependudukan: '3211155503870032',
        nomor_kartu_keluarga: '3211152001150031',
      },
      '3211010001',
    ],
    [
      4,
      {
        nama: 'ASEP HIDAYAT',
        tanggal_lahir: '1980-04-02',
        umur: 45,
        nomor_induk_kependudukan: '3211150204800033',
        nomor_kartu_keluarga: '3211152001150032',
      },
      '3211010002',
    ],
    [
      5,
      {
        nama: 'NINING',
        tanggal_lahir: '1982-09-07',
        umur: 42,
        jenis_kelamin: '2',
        kd_status_kehamilan: '1',
        nomor_kartu_keluarga: '3211152001150032',
      },
      '3211010002',
    ],
    [6, { nama: 'UJANG', tanggal_lahir: '1960-01-01', umur: 65, kd_status_kehamilan: '2' }, '3211010002'],
  ] as const)(
    'reads every value of the person in row %i, with number, village and date of the family',
    ([line, fields, village]) => {
      expect(person(line)?.fields).toMatchObject(fields)
      expect(person(line)?.extensions?.kode_kelurahan_desa).toBe(village)
      expect(person(line)?.asOf).toBe('2025-06-01')
    },
  )

  it('never takes a number that a spreadsheet damaged, in either file', () => {
    expect(
      [...entries].map(([line, entry]) => [line, damageOf(entry).filter((text) => /nik|kk-excel|lookup/.test(text))]),
    ).toEqual([
      [2, []],
      [3, ['nik-repaired /NIK']],
      [4, ['nik-repaired /NIK']],
      [5, ['nik-excel /NIK']],
      [6, ['nik-excel /NIK', 'kk-excel /ID KELUARGA']],
      [7, ['lookup-missing /ID KELUARGA']],
    ])
    expect(person(6)?.fields.nomor_induk_kependudukan).toBeUndefined()
  })

  it('holds every member when the file of the families is not sent along', async () => {
    const alone = await cleaned('desa-anggota', 'anggota.csv')
    expect(
      [...alone.values()].every(
        ({ verdict, findings }) => verdict === 'held' && findings.some(({ code }) => code === 'lookup-without-file'),
      ),
    ).toBe(true)
  })
})
