import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckedPart } from '../../src/catalogue/coverage.ts'
import type { Registry } from '../../src/catalogue/registry.ts'
import { openRegistry } from '../../src/deps.ts'
import { XLSX_TYPE } from '../../src/intake/formats/sniff.ts'
import { writeXlsx } from '../../src/io/workbook/xlsx-out.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { openGateway, problemOf, push, type TestGateway } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { titian } from '../support/command.ts'
import { allOf } from '../support/workbook.ts'
import { inputOf } from './judge.ts'

type Case = { file: string; path: string; platform: string; dataset: string }
type Found = { line: number; code: string; severity: string; path: string }
/** What a way of asking says about a file: the problem that refuses it, or its sums and every finding. */
type Answer = { problem: string } | { accepted: number; held: number; rejected: number; findings: string[] }

const SAMPLES = new URL('../samples/', import.meta.url).pathname
const PLATFORMS = ['carik-jakarta', 'jembrana', 'smart-kampung-banyuwangi', 'sumedang']
const TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.xlsx': XLSX_TYPE,
}
/** Datasets of the inputs of cases; all others are of P3KE. */
const OF_INPUT: Record<string, [dataset: string, platform?: string]> = {
  '03.mac.ndjson': ['carik'],
  '05.ndjson': ['carik'],
  '07.csv': ['dtks-individu'],
  '11.ndjson': ['smart-kampung', 'smart-kampung-banyuwangi'],
  '17.ndjson.gz': ['carik'],
  '31.ndjson': ['smart-kampung', 'smart-kampung-banyuwangi'],
  'poison-26KB.ndjson': ['carik'],
}
/** A preview takes so many records; of a longer file its beginning is asked about. */
const MOST_LINES = 90

const samples = (
  await Promise.all(
    PLATFORMS.map(async (platform) =>
      (
        await readdir(join(SAMPLES, platform))
      ).map((name): Case => {
        const dataset = name.replace(/\.\w+$/, '')
        return { file: `${platform}/${name}`, path: join(SAMPLES, platform, name), platform, dataset }
      }),
    ),
  )
).flat()
// What is told of two pushes, one after the other, no check of one file can say.
const OF_TWO_PUSHES = /^(08|34b)\./
// Nor what the rules of families say of rows that only linking brings together (decision 0025).
const OF_LINKED_FAMILIES = /^\d+ STR-(01|05|07|10) warning $/

const inputs = (await readdir(inputOf('')))
  .filter((file) => !OF_TWO_PUSHES.test(file))
  .map((file): Case => {
    const [dataset, platform = 'carik-jakarta'] = OF_INPUT[file] ?? ['p3ke-individu']
    return { file, path: inputOf(file), platform, dataset }
  })

let folder: string
let registry: Registry
let gateway: TestGateway
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-ways-'))
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({ CHUNK_RECORDS: '300' }, registry)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function answerOf(entries: readonly { outcome: string }[], found: readonly Found[]): Answer {
  const count = (outcome: string) => entries.filter((entry) => entry.outcome === outcome).length
  const findings = found.map(({ line, code, severity, path }) => `${line} ${code} ${severity} ${path}`).sort()
  return { accepted: count('accepted'), held: count('held'), rejected: count('rejected'), findings }
}

function ofParts(parts: readonly CheckedPart[]): Answer {
  const found = parts.flatMap(({ line, findings }) => findings.map((finding) => ({ line, ...finding })))
  return answerOf(
    parts.filter(({ member }) => member === null),
    found,
  )
}

async function check({ path, platform, dataset }: Case): Promise<Answer> {
  const { out, err, code } = await titian(['check', '--json', '--dataset', dataset, '--platform', platform, path])
  if (code !== 0) return { problem: err.join(' ').replace(/^.*?: /, '') }
  return ofParts(out.map((line) => JSON.parse(line) as CheckedPart))
}

function headersOf({ path }: Case): Record<string, string> {
  const isPacked = path.endsWith('.gz')
  const type = TYPES[extname(isPacked ? path.slice(0, -3) : path)] ?? ''
  return { 'content-type': type, ...(isPacked && { 'content-encoding': 'gzip' }) }
}

async function dryRun(one: Case): Promise<Answer> {
  const call = await gateway.caller(one.platform)
  const body = new Uint8Array(await readFile(one.path))
  const response = await call(`/v1/datasets/${one.dataset}/batches?mode=check`, {
    method: 'POST',
    headers: headersOf(one),
    body,
  })
  if (response.status !== 200) return { problem: (await problemOf(response)).code }
  const { accepted, held, rejected, findings, truncated } = (await response.json()) as {
    accepted: number
    held: number
    rejected: number
    findings: Found[]
    truncated: boolean
  }
  expect(truncated).toBe(false)
  return { ...answerOf([], findings), accepted, held, rejected }
}

async function preview(one: Case): Promise<Answer> {
  const call = await gateway.caller(one.platform)
  const body = new Uint8Array(await readFile(one.path))
  const response = await call(`/v1/datasets/${one.dataset}/preview`, { method: 'POST', headers: headersOf(one), body })
  if (response.status !== 200) return { problem: (await problemOf(response)).code }
  return ofParts(((await response.json()) as { entries: CheckedPart[] }).entries)
}

async function pushed(one: Case): Promise<Answer> {
  const call = await gateway.caller(one.platform)
  const body = new Uint8Array(await readFile(one.path))
  const response = await push(call, one.file, body, { dataset: one.dataset, ...headersOf(one) })
  if (response.status !== 202) return { problem: (await problemOf(response)).code }
  const { id } = (await response.json()) as { id: string }
  await workAll(gateway, registry)
  const batch = (await (await call(`/v1/batches/${id}`)).json()) as { counts: Record<string, number>; gap: number }
  expect([batch.gap, batch.counts.pending]).toEqual([0, 0])
  const found: Found[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page = (await (await call(`/v1/batches/${id}/findings?limit=500${next}`)).json()) as {
      findings: Found[]
      next: string | null
    }
    found.push(...page.findings)
    next = page.next === null ? null : `&after=${encodeURIComponent(page.next)}`
  }
  const { new: fresh = 0, updated = 0, unchanged = 0, held = 0, rejected = 0 } = batch.counts
  return { ...answerOf([], found), accepted: fresh + updated + unchanged, held, rejected }
}

/** The beginning of a file, as a file of its own. */
async function beginning(one: Case): Promise<Case> {
  const bytes = await readFile(one.path)
  const text = one.path.endsWith('.gz') ? gunzipSync(bytes) : bytes
  let end = 0
  for (let lines = 0; lines < MOST_LINES; lines++) {
    const next = text.indexOf(0x0a, end)
    if (next === -1) return one
    end = next + 1
  }
  const path = join(folder, one.file.replaceAll('/', '-'))
  await writeFile(path, text.subarray(0, end))
  return { ...one, path }
}

/** The rows of a sample that are as wide as its header, as a CSV and as a workbook: a sheet has no row that is too short or too long. */
async function asTables(one: Case): Promise<{ csv: Case; workbook: Case }> {
  const table = parse(await readFile(one.path), { bom: true, relax_column_count: true }) as string[][]
  const [columns = [], ...rows] = table.filter(({ length }) => length === table[0]?.length)
  const name = join(folder, `${one.platform}-${one.dataset}`)
  const quoted = [columns, ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
  await writeFile(`${name}.csv`, `${quoted.join('\r\n')}\r\n`)
  await writeFile(`${name}.xlsx`, Buffer.concat(await allOf(writeXlsx({ name: one.dataset, columns }, rows))))
  const as = (ending: string) => ({ ...one, file: `${one.file}.cells.${ending}`, path: `${name}.${ending}` })
  return { csv: as('csv'), workbook: as('xlsx') }
}

/** What a push told, less what only linking could tell. */
function withoutLinked(told: Answer, said: Answer): Answer {
  if ('problem' in told || 'problem' in said) return told
  const isOther = (text: string) => said.findings.includes(text) || !OF_LINKED_FAMILIES.test(text)
  return { ...told, findings: told.findings.filter(isOther) }
}

/** An answer without the lines: a text may take several of them in a CSV. */
function withoutLines(told: Answer): Answer {
  if ('problem' in told) return told
  const findings = told.findings.map((text) => text.replace(/^\d+ /, ''))
  return { ...told, findings: findings.sort() }
}

describe('one answer is given', () => {
  it('to every file that there is', () => {
    expect(samples.length).toBeGreaterThanOrEqual(14)
    expect(inputs.length).toBeGreaterThanOrEqual(15)
  })

  it('to samples that are named as their datasets', () => {
    expect(samples.filter(({ dataset }) => !registry.datasets.has(dataset))).toEqual([])
  })

  it.for([...samples, ...inputs])('by check, mode=check and push to $file', { timeout: 300_000 }, async (one) => {
    const said = await check(one)
    expect(await dryRun(one)).toEqual(said)
    expect(withoutLinked(await pushed(one), said)).toEqual(said)
  })

  it.for(samples.filter(({ path }) => /jembrana.*(keluarga|individu)\.csv$/.test(path)))(
    'to $file and to a workbook of its cells',
    { timeout: 300_000 },
    async (sample) => {
      const { csv, workbook: one } = await asTables(sample)
      const said = await check(one)
      expect(withoutLines(said)).toEqual(withoutLines(await check(csv)))
      expect(await dryRun(one)).toEqual(said)
      expect(withoutLinked(await pushed(one), said)).toEqual(said)
    },
  )

  it.for([...samples, ...inputs])(
    'by check, mode=check and preview to the beginning of $file',
    { timeout: 300_000 },
    async (whole) => {
      const one = await beginning(whole)
      const said = await check(one)
      expect(await dryRun(one)).toEqual(said)
      expect(await preview(one)).toEqual(said)
    },
  )
})
