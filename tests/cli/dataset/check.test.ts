import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { CheckedPart } from '../../../src/catalogue/coverage.ts'
import type { CliContext } from '../../../src/cli/context.ts'
import { checkCommand } from '../../../src/cli/dataset/check.ts'
import type { TitianError } from '../../../src/domain/error.ts'

const SAMPLES = 'tests/samples/carik-jakarta'

/** Runs the command and gives what it prints. */
async function check(...args: string[]): Promise<string[]> {
  const said: string[] = []
  const context: CliContext = {
    env: {},
    out: (line) => said.push(line),
    err: () => {},
    interactive: false,
    dataDir: '.',
    signal: new AbortController().signal,
    exit: () => {},
    openDatabase: () => Promise.reject(new Error('a check needs no database')),
  }
  await checkCommand(context).parseAsync(args, { from: 'user' })
  return said
}

const parts = async (...args: string[]) =>
  (await check(...args, '--json')).map((line) => JSON.parse(line) as CheckedPart)

describe('titian check', () => {
  it('prints one line of JSON for each entry and nested member', async () => {
    const said = await parts('--platform', 'carik-jakarta', '--dataset', 'carik', `${SAMPLES}/carik.ndjson`)
    const first = said.filter(({ line }) => line === 1)
    expect(first.map(({ member, outcome, records }) => [member, outcome, records.length])).toEqual(
      first.map((_, index) => [index === 0 ? null : index - 1, 'accepted', 1]),
    )
    expect(first.length).toBeGreaterThan(1)
    const held = said.filter(({ outcome }) => outcome !== 'accepted')
    expect(held.every(({ records }) => records.length === 0)).toBe(true)
  })

  it('reads the same from a compressed file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-check-'))
    try {
      const packed = join(folder, 'p3ke-keluarga.csv.zst')
      await pipeline(createReadStream(`${SAMPLES}/p3ke-keluarga.csv`), createZstdCompress(), createWriteStream(packed))
      const lines = async (file: string) =>
        (await parts('--dataset', 'p3ke-keluarga', file)).map(({ line, outcome }) => [line, outcome])
      expect(await lines(packed)).toEqual(await lines(`${SAMPLES}/p3ke-keluarga.csv`))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('shows findings, codes without a counterpart and coverage', async () => {
    const report = (await check('--dataset', 'carik', '--language', 'en', `${SAMPLES}/carik.ndjson`)).join('\n')
    expect(report).toMatch(/carik\.ndjson: carik 1, [0-9]+ accepted, [0-9]+ held, [0-9]+ rejected/)
    for (const title of ['Findings', 'Codes without a counterpart', 'Coverage'])
      expect(report).toContain(`\n${title}\n`)
    expect(report).toMatch(/%\s+[0-9]+ {2}individu\.nama\n/)
    expect(report).toMatch(/[0-9]+ {2}error {4}json-invalid/)
  })

  it.for([
    [['--dataset', 'carick', 'x.ndjson'], 'dataset-unknown'],
    [['--dataset', 'carik', '--platform', 'nowhere', 'x.ndjson'], 'not-found'],
    [['--dataset', 'carik', 'no-such-file.ndjson'], 'not-found'],
  ] as const)('refuses %j in one sentence', async ([args, code]) => {
    await expect(check(...args)).rejects.toMatchObject({ code } satisfies Partial<TitianError>)
  })

  it('names the keys that are repeated, without identity numbers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-check-'))
    try {
      const [first = ''] = (await readFile(`${SAMPLES}/carik.ndjson`, 'utf8')).split('\n')
      const family = { ...JSON.parse(first), anggota: [] }
      const lines = ['KLG-1', '3175092402120001'].flatMap((id_keluarga) =>
        ['JL. SATU', 'JL. DUA'].map((alamat) => JSON.stringify({ ...family, id_keluarga, alamat })),
      )
      const file = join(folder, 'dua.ndjson')
      await writeFile(file, `${lines.join('\n')}\n`)
      const said = (await check('--platform', 'carik-jakarta', '--dataset', 'carik', '--language', 'en', file)).join(
        '\n',
      )
      expect(said).toContain(
        'Keys that are repeated with other content (2)\n  line 2  KLG-1\n  line 4  317509**********',
      )
      expect(said).not.toContain('3175092402120001')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
