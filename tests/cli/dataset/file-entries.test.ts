import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

const SAMPLE = 'tests/samples/carik-jakarta/p3ke-individu.csv'

let folder: string
let file: string
let columns: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-entries-'))
  file = join(folder, 'carik-jakarta', 'p3ke-individu.csv')
  await mkdir(join(folder, 'carik-jakarta'))
  columns = (await readFile(SAMPLE, 'utf8')).split(/\r?\n/, 1)[0]?.split(',') ?? []
})
afterEach(() => rm(folder, { recursive: true }))

const check = () => titian(['check', '--dataset', 'p3ke-individu', '--platform', 'carik-jakarta', '--json', file])
const train = () => titian(['link', 'train', '--samples', folder, '--out', join(folder, 'model.json')])

describe('a damaged file', () => {
  it.for(['.gz', '.zst'])('that ends in %s is named, with what is wrong', async (ending) => {
    file += ending
    await writeFile(file, 'neither')
    const { err, code } = await check()
    expect([err, code]).toEqual([[`titian: ${file} is damaged: it cannot be unpacked`], 1])
  })
})

describe('a CSV header that does not fit', () => {
  it.for([
    ['titian check', check],
    ['titian link train', train],
  ] as const)('is answered by %s with the file and the columns', async ([, run]) => {
    await writeFile(file, `${columns.slice(1).join(',')},3404010101900001\n`)
    const { err, code } = await run()
    expect(err.join('\n').split('\n')).toEqual([
      `titian: ${file}:1 Column ${columns.length} is not known to the dataset. Correct the name, remove the column, or add it to schema.json and mapping.yaml.`,
      expect.stringContaining(`${file}:1 Kolom ke-${columns.length} tidak dikenal`),
      `${file}:1 The column "${columns[0]}" is missing in the header. Add it (it may be empty), or take it out of schema.json.`,
      expect.stringContaining(`${file}:1 Kolom "${columns[0]}" tidak ada`),
    ])
    expect(code).toBe(1)
  })

  it('is told by the name of a column, counted from 1, where the line is surely a header', async () => {
    await writeFile(file, `${columns.join(',')},catatan\n`)
    expect((await check()).err.join('\n')).toContain(`Column ${columns.length + 1} "catatan" is not known`)
  })

  it('with another delimiter is answered with the one that the file has', async () => {
    await writeFile(file, `${columns.join(':')}\n`)
    expect((await check()).err.join('\n')).toContain('separated by ":", and the dataset declares ","')
  })

  it('fits all the same with blanks after its commas', async () => {
    const [, ...rows] = (await readFile(SAMPLE, 'utf8')).split(/\r?\n/)
    await writeFile(file, [columns.join(','), ...rows].join('\n'))
    const { out } = await check()
    await writeFile(file, [columns.join(', '), ...rows].join('\n'))
    expect((await check()).out).toEqual(out)
  })
})
