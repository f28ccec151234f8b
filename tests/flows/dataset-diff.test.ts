import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { titian } from '../support/command.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'

let gateway: TestGateway
let folder: string
let rows: string[]

beforeAll(async () => {
  const registry = compileRegistry(await readRegistry(['src/registry']), (identity) => identity)
  gateway = await openGateway({ CHUNK_RECORDS: '7' }, registry)
  const file = (await readFile('tests/samples/sumedang/sumedang.csv', 'latin1')).split('\n')
  rows = file.slice(1, 21)
  const call = await gateway.caller('sumedang')
  for (const [key, body] of [
    ['satu', [file[0], ...rows]],
    ['dua', [file[0], ...rows.slice(0, 5)]],
  ] as const) {
    const sent = Buffer.from(`${body.join('\n')}\n`, 'latin1')
    const answer = await push(call, key, sent, { dataset: 'sumedang', 'content-type': 'text/csv' })
    expect(answer.status).toBe(202)
  }
  folder = await mkdtemp(join(tmpdir(), 'titian-diff-'))
  const second = join(folder, 'datasets/sumedang/2')
  await cp('src/registry/datasets/sumedang/1', second, { recursive: true })
  await edit(join(second, 'mapping.yaml'), 'status: assumption', 'status: assumption\ndraft: true')
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  await writeFile(file, text.replace(from, to))
}

const diff = (...args: string[]) =>
  titian(
    ['dataset', 'diff', 'sumedang', ...args],
    { TITIAN_REGISTRY: folder, KEYS: JSON.stringify(gateway.deps.ring) },
    async () => openPool(gateway.db.url, 1),
  )

describe('titian dataset diff', () => {
  it('finds nothing where nothing changes', async () => {
    const { out, code } = await diff('1', '2', '--json')
    expect(code).toBe(0)
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { batches: 2, entries: 25, changed: 0, verdicts: [], fields: [], findings: [] },
    ])
  })

  it('shows which entries of past batches change verdict, fields and findings, and never a value', async () => {
    const second = join(folder, 'datasets/sumedang/2')
    await edit(join(second, 'codes/lantai.yaml'), '  Keramik: "2"', '  Keramik: { candidates: ["2", "4"] }')
    await edit(join(second, 'mapping.yaml'), 'codes: bab }', 'codes: bab, unmapped: reject }')
    await edit(join(second, 'codes/bab.yaml'), '  Sendiri:', '  Sendirian:')

    const { out, code } = await diff('1', '2', '--json')
    expect(code).toBe(0)
    const lines = out.map((line) => JSON.parse(line))
    const sums = lines.pop()
    const ceramic = rows.filter((row) => row.includes(';Keramik;')).length
    const own = rows.filter((row) => row.includes(';Sendiri;')).length
    const firstFive = rows.slice(0, 5)
    const both = (part: string, all: number) => all + firstFive.filter((row) => row.includes(part)).length
    expect(sums.verdicts).toEqual([
      expect.objectContaining({ what: 'accepted -> rejected', count: both(';Sendiri;', own) }),
    ])
    expect(sums.findings).toContainEqual(
      expect.objectContaining({ what: '+ code-unmapped', count: both(';Sendiri;', own) }),
    )
    expect(own).toBeGreaterThan(0)
    expect(ceramic).toBeGreaterThan(0)
    const changed = lines.filter(({ verdict }) => verdict[1] === 'rejected')
    expect(changed[0]).toMatchObject({ verdict: ['accepted', 'rejected'], fields: [] })
    const said = out.join('\n')
    for (const row of rows) {
      const [key = '', nik = '', kk = '', name = ''] = row.split(';')
      for (const value of [key, nik, kk, name]) if (value.length > 3) expect(said).not.toContain(value)
    }
  })

  it('looks at as many of the newest batches as asked, and prints a report for people', async () => {
    const { out } = await diff('1', '2', '--batches', '1')
    expect(out[0]).toMatch(/^sumedang 1 -> 2: [0-9]+ of 5 entries of 1 batches change$/)
    expect(out).toEqual(expect.arrayContaining(['Verdicts', 'Fields', 'Findings']))
  })

  it('compares a changed rule or list of the same version through another folder', async () => {
    const over = await mkdtemp(join(tmpdir(), 'titian-over-'))
    await cp('src/registry/datasets/sumedang/1', join(over, 'datasets/sumedang/1'), { recursive: true })
    await edit(
      join(over, 'datasets/sumedang/1/mapping.yaml'),
      'alamat: { from: alamat, case: upper }',
      'alamat: { from: alamat }',
    )
    try {
      const { out, err } = await diff('1', '1', '--registry', over, '--json')
      expect(err).toEqual([])
      const sums = JSON.parse(out.at(-1) ?? '')
      expect(sums.fields).toEqual([
        expect.objectContaining({ what: 'keluarga.alamat changed', lines: expect.any(Array) }),
      ])
      expect(sums.verdicts).toEqual([])
    } finally {
      await rm(over, { recursive: true })
    }
  })

  it('refuses versions that there are not', async () => {
    expect(await diff('1', '3')).toMatchObject({ code: 1, err: [expect.stringContaining('Known: 1, 2')] })
  })
})
