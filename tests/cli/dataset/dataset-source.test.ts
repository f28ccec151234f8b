import { describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

describe('titian dataset source', () => {
  it('prints every generated function of a dataset under its part', async () => {
    const { out, err, code } = await titian(['dataset', 'source', 'sumedang'])
    expect({ err, code }).toEqual({ err: [], code: 0 })
    const parts = out.filter((line) => line.startsWith('// == ')).map((line) => line.slice(6))
    expect(out[0]).toBe(`// sumedang 1: ${parts.length} of ${parts.length} parts`)
    for (const part of ['records/0/build-individu', 'records/1/key', 'region/read/kode_desa', 'rules/individu'])
      expect(parts).toContain(part)
  })

  it('prints one part, indented as it nests', async () => {
    const { out } = await titian(['dataset', 'source', 'sumedang@1', '--part', 'records/0/note/nomor_kartu_keluarga'])
    expect(out.slice(1, 4)).toEqual([
      '',
      '// == records/0/note/nomor_kartu_keluarga',
      'return (work, record, path, value) => {',
    ])
    expect(out[4]).toMatch(/^ {2}if \(.*"\/no_kk"/)
    expect(out.at(-1)).toBe('}')
  })

  it('prints what JavaScript can read', async () => {
    const { out } = await titian(['dataset', 'source', 'carik'])
    const bodies = out.join('\n').split(/^\/\/ == .*$/m)
    expect(bodies.length).toBeGreaterThan(20)
    for (const body of bodies) expect(() => new Function(body)).not.toThrow()
  })

  it('names what there is where the dataset or the part is not', async () => {
    const dataset = await titian(['dataset', 'source', 'tiada'])
    expect(dataset.code).toBe(1)
    expect(dataset.err[0]).toMatch(/^titian: There is no dataset tiada\. Known: .*sumedang@1/)
    const part = await titian(['dataset', 'source', 'sumedang', '--part', 'tiada'])
    expect(part.err[0]).toMatch(/^titian: sumedang has no part tiada\. Known: records\/0\/note\//)
  })
})
