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
    expect([err, code]).toEqual([
      [
        `titian: ${file}: 2 columns do not fit; /header/${columns.length - 1} column-unknown; /columns/${columns[0]} column-missing`,
      ],
      1,
    ])
  })

  it('fits all the same with blanks after its commas', async () => {
    const [, ...rows] = (await readFile(SAMPLE, 'utf8')).split(/\r?\n/)
    await writeFile(file, [columns.join(','), ...rows].join('\n'))
    const { out } = await check()
    await writeFile(file, [columns.join(', '), ...rows].join('\n'))
    expect((await check()).out).toEqual(out)
  })
})
