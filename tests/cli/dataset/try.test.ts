import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CliContext } from '../../../src/cli/context.ts'
import { tryCommand } from '../../../src/cli/dataset/try.ts'

async function tryFile(...args: string[]): Promise<{ said: string[]; code: number }> {
  const said: string[] = []
  let code = 0
  const context: CliContext = {
    env: {},
    out: (line) => said.push(line),
    err: () => {},
    interactive: false,
    dataDir: '.',
    signal: new AbortController().signal,
    exit: (given) => {
      code = given
    },
    openDatabase: () => Promise.reject(new Error('a guess needs no database')),
  }
  await tryCommand(context).parseAsync([...args, '--language', 'en'], { from: 'user' })
  return { said, code }
}

describe('titian try', () => {
  it.each([
    ['carik-jakarta/carik.ndjson', 'carik', 'carik-jakarta'],
    ['jembrana/jembrana.csv', 'jembrana', 'jembrana'],
    ['jembrana/p3ke-individu.csv', 'p3ke-individu', 'jembrana'],
    ['sumedang/sumedang.csv', 'sumedang', 'sumedang'],
    ['smart-kampung-banyuwangi/smart-kampung.ndjson', 'smart-kampung', 'smart-kampung-banyuwangi'],
  ])('knows of %s that it is %s of %s', async (file, dataset, platform) => {
    const { said, code } = await tryFile(`tests/samples/${file}`)
    expect([said[0], code]).toEqual([expect.stringContaining(`is most likely ${dataset} (${platform})`), 0])
    expect(said.at(-1)).toContain(`--dataset ${dataset} --platform ${platform}`)
  })

  it('says of a file that fits nothing why it does not, and ends with 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-try-'))
    try {
      const file = join(folder, 'lain.csv')
      await writeFile(file, 'warna;ukuran\nmerah;3\n')
      const { said, code } = await tryFile(file)
      expect([said[0], code]).toEqual(['lain.csv fits no dataset', 1])
      expect(said.some((line) => line.includes('jembrana: '))).toBe(true)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says in one sentence that there is no such file', async () => {
    await expect(tryFile('tests/samples/tidak-ada.csv')).rejects.toThrow(
      /^tests\/samples\/tidak-ada.csv cannot be read/,
    )
  })
})
