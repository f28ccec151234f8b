import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-registry-'))
  await cp('src/registry/datasets/sumedang', join(folder, 'datasets/sumedang'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const MAPPING = 'datasets/sumedang/1/mapping.yaml'
const LIST = 'datasets/sumedang/1/codes/lantai.yaml'
const EXAMPLE = 'datasets/sumedang/1/examples/bersih.json'

async function edit(path: string, from: string, to: string): Promise<number> {
  const text = await readFile(join(folder, path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`)
  await writeFile(join(folder, path), text.replace(from, to))
  return text.split(from)[0]?.split('\n').length ?? 0
}

const test = (...args: string[]) => titian(['dataset', 'test', ...args], { TITIAN_REGISTRY: folder })

describe('titian dataset test', () => {
  it('names a registry folder that is not there', async () => {
    await rm(folder, { recursive: true })
    expect(await test('sumedang')).toEqual({
      out: [],
      err: [`titian: ${folder} is no folder of a registry that can be read`],
      code: 1,
    })
    await mkdir(folder)
  })

  it('says of what is published that --accept changes nothing', async () => {
    const before = await readFile(join(folder, EXAMPLE), 'utf8')
    expect(await test('sumedang', '--accept')).toEqual({
      out: ['Nothing was changed. Examples of what is published are changed by hand, with a reason: sumedang 1.'],
      err: [],
      code: 0,
    })
    expect(await readFile(join(folder, EXAMPLE), 'utf8')).toBe(before)
  })

  it('offers the dataset that was meant', async () => {
    const { err, code } = await test('sumedagn')
    expect([err, code]).toEqual([['titian: There is no folder datasets/sumedagn/. Did you mean "sumedang"?'], 1])
  })

  it('runs the examples of one dataset', async () => {
    expect(await test('sumedang')).toEqual({
      out: [
        'sumedang 1',
        '  holds  bersih.json',
        '  holds  desa-lain.json',
        '  holds  kotor.json',
        '  holds  nama-kosong.json',
        'All examples of 1 version hold.',
      ],
      err: [],
      code: 0,
    })
  })

  it('runs those of all datasets', async () => {
    const { out, code } = await test()
    expect(out).toEqual(expect.arrayContaining(['carik 1', 'sumedang 1', 'dtsen-anggota 1']))
    expect(code).toBe(0)
  })

  it('shows expected and got, with file and line, where an example does not hold', async () => {
    await edit(LIST, 'Semen: "6"', 'Semen: "4"')
    const { out, code } = await test('sumedang')
    const line = (await readFile(join(folder, EXAMPLE), 'utf8')).split('jenis_lantai_terluas')[0]?.split('\n').length
    expect(code).toBe(1)
    const at = out.indexOf('  FAILS  bersih.json')
    expect(out[at + 1]).toMatch(new RegExp(`${EXAMPLE}:${line} out/1/fields/jenis_lantai_terluas$`))
    expect(out.slice(at + 2, at + 4)).toEqual(['      expected  "6"', '      got       "4"'])
    expect(out.at(-1)).toMatch(/examples of 1 version fail, 0 faults/)
  })

  it.for([
    ['a typo in the mapping', MAPPING, 'nama: { from:', 'nama: { form:', 'Did you mean "from"?'],
    ['an unknown converter', MAPPING, 'as: no-kk', 'as: no-ktp', '"no-ktp" is no converter'],
    ['a label that stands twice', LIST, '  Semen: "6"', '  Semen: "6"\n  SEMEN: "6"', 'is in the list already'],
    ['a key that stands twice', LIST, '  Semen: "6"', '  Semen: "6"\n  Semen: "6"', 'stands twice here'],
    ['a code that is no canonical one', LIST, 'Semen: "6"', 'Semen: "66"', 'is no code of the canonical list'],
  ] as const)('refuses %s with file, line and what to do', async ([, path, from, to, advice]) => {
    const line = await edit(path, from, to)
    const { out, code } = await test('sumedang')
    const said = out.find((text) => text.includes(advice)) ?? ''
    expect(said).toMatch(new RegExp(`${path}:[0-9]+ `))
    expect(Math.abs(Number(/:([0-9]+) /.exec(said)?.[1]) - line)).toBeLessThanOrEqual(1)
    expect(code).toBe(1)
    const start = await titian(['check', '--dataset', 'sumedang', EXAMPLE], { TITIAN_REGISTRY: folder })
    expect([start.code, start.err.join()]).toEqual([1, expect.stringContaining(advice)])
  })

  it('refuses a dataset without examples', async () => {
    await cp(join(folder, 'datasets/sumedang'), join(folder, 'datasets/sleman'), { recursive: true })
    await rm(join(folder, 'datasets/sleman/1/examples'), { recursive: true })
    const { out, code } = await test('sleman')
    expect(out.join('\n')).toMatch(/datasets\/sleman\/1\/examples\/:1 There is no example\. Add at least one/)
    expect(code).toBe(1)
    expect(await test('sumedang')).toMatchObject({
      code: 0,
      err: [expect.stringContaining('1 faults in other datasets')],
    })
  })

  it('knows no dataset without a folder', async () => {
    expect(await test('nothing')).toEqual({ out: [], err: [expect.stringContaining('datasets/nothing/')], code: 1 })
  })
})
