import { describe, expect, it } from 'vitest'
import { compareVersions, compileRegistry } from '../../src/catalogue/registry.ts'
import { TitianError } from '../../src/domain/error.ts'
import { sentence } from '../../src/language/diagnostics.ts'
import { builtIn, compileWith, edited } from './registry-under-test.ts'

const MAPPING = 'datasets/carik/1/mapping.yaml'
const LANTAI = 'datasets/carik/1/codes/lantai.yaml'

const lineOf = (path: string, part: string) => builtIn.get(path)?.text.split(part)[0]?.split('\n').length ?? 0
const diagnosticsOf = (edits: Record<string, string | undefined>) => compileWith(edits).diagnostics.list.map(sentence)

describe('the registry', () => {
  it('is accepted as it stands, and every example of every dataset holds', () => {
    expect(() => compileRegistry(builtIn, (identity) => identity)).not.toThrow()
  })

  it.for([
    [
      'a NIK that is read as any text',
      edited(MAPPING, 'as: nik }', 'as: text }'),
      MAPPING,
      'nomor_induk_kependudukan:',
      'Only the converter "nik" fills nomor_induk_kependudukan. Write "as: nik"',
    ],
    [
      'a No. KK without its converter',
      edited(MAPPING, 'nomor_kartu_keluarga: { from: no_kk, as: no-kk', 'nomor_kartu_keluarga: { from: no_kk'),
      MAPPING,
      'nomor_kartu_keluarga: { from: no_kk',
      'Only the converter "no-kk" fills nomor_kartu_keluarga',
    ],
    [
      'a birth date that is read as any text',
      edited(
        MAPPING,
        'tanggal_lahir: { from: tanggal_lahir, as: date, format: YYYY-MM-DD }',
        'tanggal_lahir: { from: tanggal_lahir, as: text }',
      ),
      MAPPING,
      'tanggal_lahir: { from',
      'Only the converter "date" fills tanggal_lahir',
    ],
    [
      'an argument of another converter',
      edited(MAPPING, 'as: nik }', 'as: nik, round: down }'),
      MAPPING,
      'nomor_induk_kependudukan:',
      'does not read "round"',
    ],
    [
      'a rule without a source',
      edited(MAPPING, 'alamat: { from: alamat,', 'alamat: {'),
      MAPPING,
      'alamat: { from:',
      'Say where the value comes from',
    ],
    [
      'a field that the region fills',
      edited(MAPPING, '      alamat: { from', '      kecamatan: { from: rt }\n      alamat: { from'),
      MAPPING,
      '      alamat: { from',
      '"region" fills kecamatan',
    ],
    [
      'an example that does not hold',
      edited('datasets/carik/1/examples/keluarga.json', '"jenis_lantai_terluas": "2"', '"jenis_lantai_terluas": "3"'),
      'datasets/carik/1/examples/keluarga.json',
      '"jenis_lantai_terluas"',
      'gives "2" where the example says "3"',
    ],
    [
      'a platform without an agreement number',
      edited('platforms/carik-jakarta.yaml', '  number:', '  nomor:'),
      'platforms/carik-jakarta.yaml',
      'agreement:',
      '"number" is missing here',
    ],
  ] as const)('refuses %s, with file, line and what to do', ([, edits, file, place, advice]) => {
    const diagnostics = diagnosticsOf(edits as unknown as Record<string, string>)
    expect(
      diagnostics.filter((text) => text.startsWith(`${file}:`) || text.startsWith(`src/registry/${file}:`)).join('\n'),
    ).toContain(advice)
    const lines = diagnostics
      .filter((text) => text.includes(advice))
      .map((text) => Number(/:([0-9]+) /.exec(text)?.[1]))
    expect(lines).toContain(lineOf(file, place))
  })

  it('refuses a missing example, README or variable list', () => {
    const examples = Object.fromEntries(
      [...builtIn.keys()]
        .filter((path) => path.startsWith('datasets/carik/1/examples/'))
        .map((path) => [path, undefined]),
    )
    expect(diagnosticsOf(examples).join('\n')).toMatch(/carik\/1\/examples\/:1 There is no example/)
    expect(diagnosticsOf({ 'datasets/carik/1/README.md': undefined }).join('\n')).toMatch(
      /README\.md:1 This file is missing/,
    )
    expect(diagnosticsOf({ 'canonical/variables.json': undefined }).join('\n')).toMatch(
      /variables\.json:1 This file is missing/,
    )
  })

  it('collects all diagnostics before it throws', () => {
    const files = new Map(builtIn)
    for (const edit of [edited(MAPPING, 'as: nik }', 'as: nikk }'), edited(LANTAI, 'Keramik: "2"', 'Keramik: "77"')]) {
      for (const [path, text] of Object.entries(edit)) files.set(path, { file: path, text })
    }
    const caught = (() => {
      try {
        compileRegistry(files, (identity) => identity)
      } catch (error) {
        return error
      }
    })()
    expect(caught).toBeInstanceOf(TitianError)
    expect((caught as TitianError).code).toBe('registry-invalid')
    expect((caught as TitianError).message).toMatch(/nikk[\s\S]*77|77[\s\S]*nikk/)
  })

  it('gives new batches the highest version, and keeps the others', () => {
    const second = Object.fromEntries(
      [...builtIn]
        .filter(([path]) => path.startsWith('datasets/carik/1/'))
        .map(([path, { text }]) => [path.replace('/1/', '/1.10/'), text]),
    )
    const third = Object.fromEntries(
      Object.entries(second).map(([path, text]) => [path.replace('/1.10/', '/1.9/'), text]),
    )
    const { registry } = compileWith({ ...second, ...third })
    expect(registry.datasets.get('carik')?.version).toBe('1.10')
    expect([...registry.versions.keys()].sort()).toEqual(['carik@1', 'carik@1.10', 'carik@1.9'])
    expect(compareVersions('2', '1.10')).toBeGreaterThan(0)
  })
})
