import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-score-'))
})
afterEach(() => rm(folder, { recursive: true }))

const record = (source_key: string, person_id: string) => ({ platform: 'a', dataset: 'warga-b', source_key, person_id })
/** Three records of one person and two of another; the third was held, and the last never sent. */
const TRUTH = [
  record('1', 'X'),
  record('2', 'X'),
  { ...record('3', 'X'), dataset: 'warga_b' },
  record('4', 'Y'),
  { ...record('5', 'Y'), nik_state: 'missing' },
  { ...record('6', ''), level: 'person' },
  { ...record('7', 'F'), level: 'family' },
]
const LINKS = [record('1', 'per_1'), record('2', 'per_1'), record('4', 'per_1'), record('99', 'per_1')]

async function score(truth: string | Buffer, links: readonly object[] = LINKS, ...args: string[]) {
  const file = join(folder, typeof truth === 'string' ? 'truth.ndjson' : 'truth.ndjson.gz')
  await writeFile(file, truth)
  await writeFile(join(folder, 'links.ndjson'), lines(links))
  return titian(['link', 'score', '--truth', file, '--links', join(folder, 'links.ndjson'), ...args])
}

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

describe('titian link score', () => {
  it('says of a damaged file that it cannot be unpacked', async () => {
    const { err, code } = await score(gzipSync(lines(TRUTH)).subarray(0, -12))
    expect([err, code]).toEqual([[expect.stringMatching(/truth\.ndjson\.gz is damaged: it cannot be unpacked$/)], 1])
  })

  it('scores the linked records, and the whole truth, in which those that are not linked stand alone', async () => {
    const { out, code } = await score(gzipSync(lines(TRUTH)), LINKS, '--json')
    expect([out.length, code]).toEqual([1, 0])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      records: 3,
      known: 5,
      all: { pairs: 1, found: 1, precision: 1 / 3, recall: 1 },
      withoutNik: { pairs: 0 },
      whole: {
        all: { pairs: 4, found: 1, precision: 1 / 3, recall: 1 / 4 },
        withoutNik: { pairs: 1, found: 0, recall: 0 },
      },
    })
  })

  it('prints both', async () => {
    const { out } = await score(lines(TRUTH))
    expect(out[0]).toContain('3 linked records of 5')
    expect(out.join('\n')).toMatch(/^ +linked records +1 +0\.3333 +1\.0000 +0\.5000$/m)
    expect(out.join('\n')).toMatch(/^ +whole truth +4 +0\.3333 +0\.2500 +0\.2857$/m)
  })

  it.for([
    ['no record that the registry has', lines([record('1000', 'X')]), 'no record of the truth is in the registry'],
    ['no persons', lines([{ platform: 'a' }]), 'has no row of a person'],
    ['CSV', 'platform,dataset\na,Contoh\n', 'truth.ndjson:1 is no object of JSON'],
    ['a broken line', `${lines(TRUTH.slice(0, 2))}\n{"Contoh\n`, 'truth.ndjson:4 is no object of JSON'],
    ['a line that is no object', 'null\n', 'truth.ndjson:1 is no object of JSON'],
  ] as const)('refuses a truth of %s in one sentence that holds no value', async ([, truth, sentence]) => {
    const { out, err, code } = await score(truth, LINKS, '--json')
    expect([out, err, code]).toEqual([[], [expect.stringContaining(sentence)], 1])
    expect(err[0]).not.toContain('Contoh')
  })

  it('refuses a file that is not there', async () => {
    const { err, code } = await titian(['link', 'score', '--truth', join(folder, 'none.ndjson')])
    expect([err, code]).toEqual([[expect.stringContaining('none.ndjson cannot be read')], 1])
  })
})
