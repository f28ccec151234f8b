import { describe, expect, it } from 'vitest'
import { partsOf } from '../../src/catalogue/coverage.ts'
import { entryOf } from '../../src/catalogue/examples.ts'
import { MOST_MEMBERS } from '../../src/clean/compile/clean-entry.ts'
import { ANYWHERE } from '../../src/clean/mapping/any-platform.ts'
import type { Json } from '../../src/domain/entry.ts'
import { MOST_FINDINGS } from '../../src/domain/finding.ts'
import { builtIn, compileWith } from '../catalogue/registry-under-test.ts'

const carik = compileWith({}).registry.datasets.get('carik')
if (carik === undefined) throw new Error('carik is gone')
const dataset = carik
const sample = JSON.parse(builtIn.get('datasets/carik/1/examples/keluarga.json')?.text ?? '{}').in
const clean = (changes: Record<string, Json>) => {
  const entry = entryOf(dataset, { ...structuredClone(sample), ...changes })
  return { entry, result: dataset.clean(entry, ANYWHERE) }
}
const members = (count: number, member: Record<string, Json> = {}) =>
  Array.from({ length: count }, () => ({ ...member }))

describe('an entry within the limits', () => {
  it('lists a hundred findings of its thousand empty members, and one that says there are more', () => {
    const { entry, result } = clean({ anggota: members(MOST_MEMBERS) })
    expect(result.findings).toHaveLength(MOST_FINDINGS + 1)
    expect(result.findings.at(-1)).toMatchObject({ code: 'findings-more', path: '' })
    expect(partsOf(dataset, entry, result)).toHaveLength(MOST_MEMBERS + 1)
  })

  it('gives every member a key of its own when all came with one', () => {
    const { result } = clean({ anggota: members(200, { ...sample.anggota[1], id_individu: 'SAMA' }) })
    const doubled = result.findings.filter(({ code }) => code === 'key-doubled')
    expect(doubled.length).toBeGreaterThan(MOST_FINDINGS / 2)
  })

  it('puts each finding under its member', () => {
    const { entry, result } = clean({
      anggota: [sample.anggota[0], { ...sample.anggota[1], nik: '1' }, sample.anggota[1]],
    })
    const parts = partsOf(dataset, entry, result)
    expect(parts.map(({ member, findings }) => [member, findings.some(({ code }) => code === 'nik-length')])).toEqual([
      [null, false],
      [0, false],
      [1, true],
      [2, false],
    ])
  })
})

describe('an entry beyond the limits is refused with one finding that names the limit:', () => {
  it('members', () => {
    const { entry, result } = clean({ anggota: members(MOST_MEMBERS + 1) })
    expect(result).toMatchObject({
      verdict: 'rejected',
      findings: [{ code: 'members-too-many', severity: 'error', path: '/anggota' }],
    })
    expect(partsOf(dataset, entry, result)).toHaveLength(1)
  })

  it('names in one object', () => {
    const names = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`kolom_${i}`, i]))
    const { result } = clean(names)
    expect(result.verdict).toBe('rejected')
    expect(result.findings).toContainEqual({ code: 'columns-too-many', severity: 'error', path: '' })
  })

  it('depth', () => {
    let deep: Json = 1
    for (let i = 0; i < 40; i++) deep = [deep]
    expect(clean({ alamat: deep }).result).toMatchObject({ verdict: 'rejected', findings: [{ code: 'json-too-deep' }] })
  })
})

it.for(['null', '[]', '1', '"teks"'])('refuses the record %s as none', (text) => {
  const entry = { line: 1, form: 'object', text } as const
  expect(dataset.clean(entry, ANYWHERE)).toMatchObject({ verdict: 'rejected', findings: [{ code: 'structure' }] })
})
