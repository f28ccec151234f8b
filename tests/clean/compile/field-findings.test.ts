import { describe, expect, it } from 'vitest'
import { compileRegistry } from '../../../src/catalogue/registry.ts'
import { type FieldsAt, noteFieldFindings } from '../../../src/clean/compile/field-findings.ts'
import type { CanonicalRecord } from '../../../src/domain/entry.ts'
import { builtIn } from '../../catalogue/registry-under-test.ts'

const FIELDS: FieldsAt = {
  keluarga: new Map([
    ['/alamat/jalan', ['alamat']],
    ['/kode', ['kode_kelurahan_desa']],
  ]),
  individu: new Map([
    ['/nik', ['nomor_induk_kependudukan']],
    ['/lahir', ['tanggal_lahir', 'umur']],
    ['/kode', ['region']],
  ]),
}
const record = (level: CanonicalRecord['level'], path: string): CanonicalRecord => ({
  level,
  key: 'K',
  path,
  fields: {},
})
const warning = (code: string, path: string) => ({ code, severity: 'warning' as const, path })

describe('a finding', () => {
  it('is noted at each field that is read from its place, once', () => {
    const records = [record('keluarga', ''), record('individu', '/anggota/0'), record('individu', '/anggota/10')]
    noteFieldFindings(
      records,
      [
        warning('a', '/anggota/10/lahir'),
        warning('a', '/anggota/10/lahir'),
        warning('b', '/anggota/10/lahir'),
        warning('c', '/alamat/jalan'),
        warning('d', ''),
        warning('e', '/anggota/0'),
        warning('f', '/elsewhere/nik'),
      ],
      FIELDS,
    )
    expect(records.map(({ findings }) => findings)).toEqual([
      { alamat: ['c'] },
      undefined,
      { tanggal_lahir: ['a', 'b'], umur: ['a', 'b'] },
    ])
  })

  it('of the place stands at the family and at the person of one row', () => {
    const records = [record('keluarga', ''), record('individu', '')]
    noteFieldFindings(records, [warning('region-name-differs', '/kode')], FIELDS)
    expect(records.map(({ findings }) => findings)).toEqual([
      { kode_kelurahan_desa: ['region-name-differs'] },
      { region: ['region-name-differs'] },
    ])
  })
})

describe('the field findings of a built-in dataset', () => {
  it('name the canonical field, not the column of the source', () => {
    const registry = compileRegistry(builtIn, (identity) => identity)
    const dataset = registry.datasets.get('dtks-individu')
    const platform = registry.platforms.get('carik-jakarta')
    const example = dataset?.folder.examples.find(({ file }) => file.endsWith('bersih.json'))
    if (dataset === undefined || platform === undefined || example === undefined) throw new Error('no example')
    const { in: row } = example.value as { in: Record<string, string> }
    const { format } = dataset
    const changed: Record<string, string> = { ...row, NIK: '12345' }
    const cells = format.kind === 'csv' ? format.columns.map((column) => changed[column] ?? '') : []
    const { records, findings } = dataset.clean(
      { line: 2, form: 'cells', text: JSON.stringify(cells) },
      { ...platform, scope: [''] },
    )
    expect(findings.map(({ code }) => code)).toContain('nik-length')
    expect(records[0]?.findings).toMatchObject({ nomor_induk_kependudukan: ['nik-length'] })
  })
})
