import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import type { CheckReport } from '../../src/engine/batch-shapes.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { BatchReport } from '../../src/reports/batch/report-shape.ts'
import { titian } from '../support/command.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Family = Record<string, unknown> & { id_keluarga: string; anggota: Record<string, unknown>[] }

const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
let gateway: TestGateway
let carik: Awaited<ReturnType<TestGateway['caller']>>
let sent: Family[]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-whole-'))
  gateway = await openGateway({ CHUNK_RECORDS: '9' }, registry)
  carik = await gateway.caller('carik-jakarta')
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  sent = text
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, 80)
    .map((line) => JSON.parse(line))
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const linesOf = (records: readonly unknown[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`

/** The codes that a check over HTTP, a check of the command line and the report of a push give of a file as a whole. */
async function codesOf(key: string, families: readonly Family[]): Promise<[string[], string[], string[]]> {
  const text = linesOf(families)
  const checked = await carik('/v1/datasets/carik/batches?mode=check', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: text,
  })
  const { file } = (await checked.json()) as Static<typeof CheckReport>
  const { id } = (await (await push(carik, key, text, { dataset: 'carik' })).json()) as { id: string }
  await workAll(gateway, registry)
  const report = (await (await carik(`/v1/batches/${id}/report`)).json()) as Static<typeof BatchReport>
  const path = join(folder, `${key}.ndjson`)
  await writeFile(path, text)
  const said = await titian(['check', path, '--dataset', 'carik', '--platform', 'carik-jakarta', '--language', 'en'])
  const codes = (found: readonly { code: string }[]) => found.map(({ code }) => code)
  return [
    codes(file),
    [...said.out.join('\n').matchAll(/ (file-[a-z-]+) /g)].map(([, code]) => code ?? ''),
    codes(report.file),
  ]
}

describe('a file as a whole', () => {
  it('has nothing to be said of it where its records are as they should be', async () => {
    expect(await codesOf('baik', sent)).toEqual([[], [], []])
  }, 300_000)

  it('is told of, by all ways of asking alike, when a spreadsheet rounded its NIKs and filled a date down', async () => {
    const damaged = structuredClone(sent)
    for (const { anggota } of damaged)
      for (const person of anggota) {
        if (typeof person.nik === 'string') person.nik = `${person.nik.slice(0, 15)}0`
        if ('tanggal_lahir' in person) person.tanggal_lahir = sent[0]?.anggota[0]?.tanggal_lahir
      }
    const wanted = ['file-nik-rounded', 'file-one-birth-date']
    expect(await codesOf('bulat', damaged)).toEqual([wanted, wanted, wanted])
  }, 300_000)

  it('is compared with the batch before, where a gateway knows it', async () => {
    const fewer = ['file-fewer-records']
    expect(await codesOf('sedikit', sent.slice(0, 30))).toEqual([fewer, [], fewer])
  }, 300_000)
})
