import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import { fileEntries } from '../../src/cli/dataset/file-entries.ts'
import type { Batch, CheckReport } from '../../src/engine/batch-shapes.ts'
import { openCleaned } from '../../src/engine/chunks/sealed-chunk.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { FindingPage } from '../../src/reports/shapes.ts'
import { openGateway, problemOf, push, type TestGateway } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'

type Found = { line: number; code: string; path: string }
/** What is said of a body: the problem that refuses it, or its sums and what was found. */
type Answer =
  | { problem: string; status: number }
  | { accepted: number; held: number; rejected: number; found: string[] }

const readLines = async <T>(path: string) =>
  (await readFile(new URL(path, import.meta.url), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
const JSON_CASES = (await readLines<{ name: string; base64: string; times?: number }>('json/cases.ndjson')).map(
  ({ name, base64, times = 1 }) => ({ name, bytes: Buffer.concat(Array(times).fill(Buffer.from(base64, 'base64'))) }),
)
const CSV_CASES = await readLines<{ name: string; base64: string; rows: Record<string, string>[] }>('csv/cases.ndjson')
const NAUGHTY = JSON.parse(await readFile(new URL('text/blns.json', import.meta.url), 'utf8')) as string[]

const OF_LINKED_FAMILIES = /^\d+ STR-(01|05|07|10) $/

const files = new Map(await readRegistry(['src/registry']))
for (const one of CSV_CASES) for (const [path, text] of layoutOf(one)) files.set(path, { file: path, text })
const PLATFORM = 'platforms/carik-jakarta.yaml'
const spectrum = CSV_CASES.map(datasetOf).join(', ')
const pushing = files.get(PLATFORM)?.text.replace('datasets: [', `datasets: [${spectrum}, `) ?? ''
files.set(PLATFORM, { file: PLATFORM, text: pushing })
const diagnostics = new Diagnostics()
const registry = readParts(files, (identity) => identity, diagnostics)
diagnostics.throwIfAny()
let gateway: TestGateway
let carik: Awaited<ReturnType<TestGateway['caller']>>
let folder: string
let sample: Record<string, unknown>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-suites-'))
  gateway = await openGateway({}, registry)
  carik = await gateway.caller('carik-jakarta')
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  sample = JSON.parse(text.slice(0, text.indexOf('\n')))
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const sorted = (found: readonly Found[]) => found.map(({ line, code, path }) => `${line} ${code} ${path}`).sort()

async function checked({ bytes, type, dataset = 'carik' }: Body): Promise<Answer> {
  const body = Buffer.from(bytes)
  const response = await carik(`/v1/datasets/${dataset}/batches?mode=check`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  if (response.status !== 200) return refused(response)
  const { accepted, held, rejected, findings } = (await response.json()) as Static<typeof CheckReport>
  return { accepted, held, rejected, found: sorted(findings) }
}

async function refused(response: Response) {
  const { code, status } = await problemOf(response)
  return { problem: code, status }
}

type Body = { name: string; bytes: Buffer; type: string; dataset?: string }

/** Pushes a body: the problem that refuses it, or its batch. */
async function pushed({ name, bytes, type, dataset = 'carik' }: Body): Promise<Answer | { id: string }> {
  const body = Buffer.from(bytes)
  const response = await push(carik, `${type}-${name}`, body, { dataset, 'content-type': type })
  return response.status === 202 ? { id: ((await response.json()) as { id: string }).id } : refused(response)
}

/** What became of a batch that was worked. */
async function settledAnswer(id: string): Promise<Answer> {
  const batch = (await (await carik(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
  expect([batch.gap, batch.counts.pending]).toEqual([0, 0])
  const { new: fresh, updated, unchanged, held, rejected } = batch.counts
  const found: Found[] = []
  for (let next: string | undefined = `/v1/batches/${id}/findings?limit=1000`; next !== undefined; ) {
    const answer: Response = await carik(next)
    found.push(...((await answer.json()) as Static<typeof FindingPage>).findings)
    next = /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return { accepted: fresh + updated + unchanged, held, rejected, found: sorted(found) }
}

/** What a push told, less the rules of families that only linking can tell. */
function withoutLinked(told: Answer, said: Answer): Answer {
  if ('problem' in told || 'problem' in said) return told
  return { ...told, found: told.found.filter((text) => said.found.includes(text) || !OF_LINKED_FAMILIES.test(text)) }
}

/** Sees that check and push give one answer to each body, and that none is a fault of the gateway; gives the answers. */
async function agreeOn(bodies: readonly Body[]) {
  const answers = []
  for (const one of bodies) {
    const said = await checked(one)
    if ('problem' in said) expect([one.name, said.status < 500]).toEqual([one.name, true])
    answers.push({ name: one.name, said, told: await pushed(one) })
  }
  await workAll(gateway, registry)
  const agreed = []
  for (const { name, said, told } of answers) {
    const id = 'id' in told ? told.id : undefined
    const answer = 'id' in told ? withoutLinked(await settledAnswer(told.id), said) : told
    expect([name, answer]).toEqual([name, said])
    agreed.push({ name, said, id })
  }
  return agreed
}

const isWell = (text: string) => {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

describe('JSONTestSuite', () => {
  it('is all here', () => {
    expect(JSON_CASES.length).toBe(318)
  })

  it.for([
    ['as lines', 'application/x-ndjson'],
    ['as one document', 'application/json'],
  ])('gets one answer from check and push, and no fault, %s', { timeout: 300_000 }, async ([, type = '']) => {
    const agreed = []
    // More batches than this may not wait.
    for (let at = 0; at < JSON_CASES.length; at += 40)
      agreed.push(...(await agreeOn(JSON_CASES.slice(at, at + 40).map(({ name, bytes }) => ({ name, bytes, type })))))
    // No case is a record of carik: whatever was read is rejected with a finding.
    const taken = agreed.filter(({ said }) => !('problem' in said) && said.accepted > 0)
    expect(taken.map(({ name }) => name)).toEqual([])
  })

  it('is refused as JSON where it must be, inside a record that is well else', { timeout: 300_000 }, async () => {
    const lines = JSON_CASES.filter(
      ({ name, bytes }) => /^[yn]_/.test(name) && !/[\n\r\0]/.test(bytes.toString('latin1')),
    )
    const wanted = new Map<number, boolean>()
    const body = lines.map(({ bytes }, at) => {
      const key = `SUITE-${at}`
      const head = JSON.stringify({ ...sample, id_keluarga: key, no_kk: '', anggota: [] }).slice(0, -1)
      const line = Buffer.concat([Buffer.from(`${head},"asing":`), bytes, Buffer.from('}\n')])
      wanted.set(at + 1, isWell(line.toString()) && Buffer.from(line.toString()).equals(line))
      return line
    })
    const [{ id } = {}] = await agreeOn([{ name: 'inside', bytes: Buffer.concat(body), type: 'application/x-ndjson' }])
    const page = (await (await carik(`/v1/batches/${id}/findings?severity=error&limit=1000`)).json()) as Static<
      typeof FindingPage
    >
    const rejected = new Set(page.findings.map(({ line }) => line))
    const taken = [...wanted].filter(([line, well]) => !well && !rejected.has(line))
    expect(taken.map(([line]) => lines[line - 1]?.name)).toEqual([])
  })
})

/** The name of the dataset that a case of csv-spectrum is a file of. */
function datasetOf({ name }: { name: string }): string {
  return `spectrum-${name.replaceAll('_', '-')}`
}

function columnsOf({ base64 }: { base64: string }): string[] {
  return (Buffer.from(base64, 'base64').toString().split(/\r?\n/)[0] ?? '').split(',')
}

/** The folder of such a dataset: every column is kept as it came, and the first is the key, too. */
function layoutOf(one: { name: string; base64: string }): [string, string][] {
  const columns = columnsOf(one)
  const mapping = {
    title: one.name,
    status: 'assumption',
    format: { kind: 'csv', delimiter: ',', encodings: ['utf-8'] },
    records: [{ level: 'keluarga', key: columns[0], fields: { alamat: { constant: 'JL. UJI' } }, extensions: columns }],
  }
  const properties = Object.fromEntries(columns.map((column) => [column, { type: 'string' }]))
  const schema = { type: 'object', additionalProperties: false, properties }
  const parts = { 'README.md': one.name, 'mapping.yaml': mapping, 'schema.json': schema, 'examples/kosong.json': {} }
  return Object.entries(parts).map(([part, value]) => [
    `datasets/${datasetOf(one)}/1/${part}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

// This file has a quote inside a cell without quotes, and the rows that are given for it are of another one.
const isOdd = ({ name }: { name: string }) => name === 'location_coordinates'

describe('csv-spectrum', () => {
  it.for(CSV_CASES)('reads the cells of $name as they stand', async (one) => {
    const file = join(folder, `${one.name}.csv`)
    await writeFile(file, Buffer.from(one.base64, 'base64'))
    const columns = columnsOf(one)
    const format = { kind: 'csv' as const, delimiter: ',', columns, encodings: ['utf-8' as const] }
    const read: Record<string, string>[] = []
    const refusals: string[] = []
    for await (const { form, text } of fileEntries(file, format)) {
      if (form !== 'cells') refusals.push(text)
      if (form !== 'cells') continue
      const cells = JSON.parse(text) as string[]
      read.push(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])))
    }
    expect([read, refusals]).toEqual(isOdd(one) ? [[], ['csv-quote']] : [one.rows, []])
  })

  it('is taken to the byte over HTTP, alike by check and push', async () => {
    const bodies = CSV_CASES.map((one) => {
      return { name: one.name, bytes: Buffer.from(one.base64, 'base64'), type: 'text/csv', dataset: datasetOf(one) }
    })
    const agreed = await agreeOn(bodies)
    for (const [at, { name, said, id }] of agreed.entries()) {
      const one = CSV_CASES[at]
      if (one === undefined) throw new Error(`${name} is no case`)
      const wanted = isOdd(one) ? [] : one.rows.map(withoutEmpty)
      expect([name, said]).toMatchObject([name, { accepted: wanted.length, held: 0, rejected: isOdd(one) ? 1 : 0 }])
      expect([name, await keptOf(id)]).toEqual([name, wanted])
    }
  })
})

/** Empty values are not stored. */
function withoutEmpty(row: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''))
}

/** What is kept of the accepted rows of a batch, in their order. */
async function keptOf(batch = ''): Promise<unknown[]> {
  const { rows } = await gateway.db.pool.query('select id, platform, cleaned from chunk where batch = $1', [batch])
  return rows
    .flatMap((chunk) => openCleaned(gateway.vault, chunk, chunk.cleaned))
    .filter(({ verdict }) => verdict === 'accepted')
    .map(({ records }) => (JSON.parse(records[0]?.content ?? '{}') as { extensions?: unknown }).extensions)
}

/** What an address is made of without a finding, as MAPPING.md says of `text` with `case: upper`. */
function asAddress(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().toUpperCase()
}

describe('the big list of naughty strings', () => {
  it('is taken to the byte or with a finding, alike by check and push', { timeout: 300_000 }, async () => {
    const records = NAUGHTY.map((text, at) => ({
      ...sample,
      id_keluarga: `NAKAL-${at}`,
      no_kk: '',
      alamat: text,
      anggota: [],
    }))
    const kept = new Map<string, string | undefined>()
    const told = new Set<string>()
    // A check lists a thousand findings, so the list is sent in parts.
    for (let from = 0; from < records.length; from += 100) {
      const part = records.slice(from, from + 100)
      const bytes = Buffer.from(`${part.map((record) => JSON.stringify(record)).join('\n')}\n`)
      const [{ said, id } = {}] = await agreeOn([{ name: `naughty-${from}`, bytes, type: 'application/x-ndjson' }])
      for (const text of said !== undefined && 'found' in said ? said.found : [])
        if (text.endsWith('/alamat')) told.add(part[Number(text.split(' ')[0]) - 1]?.id_keluarga ?? '')
      const { rows } = await gateway.db.pool.query('select id, platform, cleaned from chunk where batch = $1', [id])
      for (const chunk of rows)
        for (const { key, verdict, records: cleaned } of openCleaned(gateway.vault, chunk, chunk.cleaned))
          if (verdict === 'accepted')
            kept.set(
              key ?? '',
              (JSON.parse(cleaned[0]?.content ?? '{}') as { fields?: { alamat?: string } }).fields?.alamat,
            )
    }
    expect(kept.size).toBeGreaterThan(400)
    const changed = records.filter(
      ({ id_keluarga: key, alamat }) => kept.has(key) && (kept.get(key) ?? '') !== asAddress(alamat) && !told.has(key),
    )
    expect(changed.map(({ id_keluarga: key, alamat }) => [key, alamat, kept.get(key)])).toEqual([])
  })
})
