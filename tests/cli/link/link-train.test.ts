import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-train-'))
})
afterEach(() => rm(folder, { recursive: true }))

const train = (out: string, samples: string) => titian(['link', 'train', '--samples', samples, '--out', out])

describe('titian link train', () => {
  it('makes the folder of its model', async () => {
    const out = join(folder, 'registry', 'linkage', 'model.json')
    const said = await titian(['link', 'train', '--samples', 'tests/samples', '--out', out, '--records', '300'])
    expect([said.err, said.code]).toEqual([[], 0])
    expect((await stat(out)).size).toBeGreaterThan(100)
  })

  it.each([
    [[], ['tempat_lahir']],
    [['--no-keys'], []],
  ])('finds records by texts of the source unless told otherwise (%j)', async (options, keys) => {
    const out = join(folder, 'model.json')
    await titian(['link', 'train', '--samples', 'tests/samples', '--out', out, '--records', '1000', ...options])
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
      model: { extras: ['tempat_lahir'], namedKeys: keys },
    })
  })

  it('refuses a place that cannot be written before it looks at any sample', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const [out, sentence] of [
      [join(folder, 'file', 'model.json'), 'is no folder to write into'],
      [folder, 'is a folder: name the file'],
    ] as const) {
      const { err, code } = await train(out, '/nowhere')
      expect([err, code]).toEqual([[expect.stringContaining(sentence)], 1])
    }
    expect(await readdir(folder)).toEqual(['file'])
  })
})
