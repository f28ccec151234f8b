// How fast one core cleans each dataset, beside a floor that only parses and validates the same bytes. Prints JSON.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'csv-parse/sync'
import { type DatasetExample, entryOf } from '../src/catalogue/examples.ts'
import { readRegistry } from '../src/catalogue/registry.file.ts'
import { type CompiledDataset, compileRegistry } from '../src/catalogue/registry.ts'
import { ANYWHERE } from '../src/clean/mapping/any-platform.ts'
import { findDemoFiles } from '../src/cli/demo/demo-files.ts'
import type { RawEntry } from '../src/domain/entry.ts'
import type { Platform } from '../src/domain/platform.ts'
import { readEntries } from '../src/intake/formats/read.ts'
import type { CleanSpeed } from './cleaning.ts'

/** One dataset under measurement: both sides go through the same bytes and answer how many records they saw. */
type Contest = { dataset: string; floor(): number; clean(): Promise<number> | number }

const ROUNDS = 9
const RECORDS_PER_ROUND = 8_000
const EXAMPLE_COPIES = 200
const SAMPLES = join(import.meta.dirname, '../tests/samples')
const READ = { recordBytes: 1_000_000 }

const registry = compileRegistry(await readRegistry([join(import.meta.dirname, '../src/registry')]), () => 'derived')
const samples = new Map((await findDemoFiles(SAMPLES)).reverse().map((file) => [file.dataset, file]))
const contests: Contest[] = []
for (const dataset of registry.datasets.values()) {
  const sample = samples.get(dataset.name)
  const bytes = sample === undefined ? exampleFile(dataset) : await readFile(sample.path)
  const platform = registry.platforms.get(sample?.platform ?? '') ?? ANYWHERE
  contests.push(await contestOf(dataset, platform, bytes))
}
// All are warm before any is measured: a worker cleans every dataset with the same shared functions.
for (const contest of contests) for (let round = 0; round < 2; round++) await runBoth(contest)
const result: Record<string, CleanSpeed> = {}
for (const contest of contests) result[contest.dataset] = await measure(contest)
process.stdout.write(`${JSON.stringify(result)}\n`)

async function contestOf(dataset: CompiledDataset, platform: Platform, bytes: Buffer): Promise<Contest> {
  const { $id, ...schema } = dataset.folder.schema.value as Record<string, unknown>
  // All errors, since a record is answered with all of its findings.
  const validate = new Ajv2020({ allErrors: true, strict: false, formats: { date: true } }).compile(schema)
  const { format } = dataset
  if (format.kind === 'csv') {
    const options = { delimiter: format.delimiter, columns: true, bom: true, relaxColumnCount: true, relaxQuotes: true }
    return {
      dataset: dataset.name,
      floor: () => {
        const rows = parse(bytes, options) as unknown[]
        for (const row of rows) validate(row)
        return rows.length
      },
      clean: async () => {
        let records = 0
        for await (const entry of readEntries(once(bytes), format, READ)) {
          dataset.clean(entry, platform)
          records++
        }
        return records
      },
    }
  }
  const entries: RawEntry[] = []
  for await (const entry of readEntries(once(bytes), format, READ)) if (isJson(entry)) entries.push(entry)
  return {
    dataset: dataset.name,
    floor: () => {
      for (const { text } of entries) validate(JSON.parse(text))
      return entries.length
    },
    clean: () => {
      for (const entry of entries) dataset.clean(entry, platform)
      return entries.length
    },
  }
}

/** Medians of rounds that alternate: whatever else the machine does meets both sides alike. */
async function measure(contest: Contest): Promise<CleanSpeed> {
  const times: { floor: number; clean: number }[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await runBoth(contest))
  const [floor, clean] = [median(times.map((time) => time.floor)), median(times.map((time) => time.clean))]
  return {
    records_per_s: Math.round(1e6 / clean),
    floor_per_s: Math.round(1e6 / floor),
    ratio: Number((floor / clean).toFixed(3)),
  }
}

async function runBoth({ floor, clean }: Contest): Promise<{ floor: number; clean: number }> {
  return { floor: await timePerRecord(floor), clean: await timePerRecord(clean) }
}

/** Microseconds of this thread's processor time, whatever the clock on the wall says of a busy machine. */
async function timePerRecord(run: () => Promise<number> | number): Promise<number> {
  const before = process.threadCpuUsage()
  let records = 0
  while (records < RECORDS_PER_ROUND) records += await run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / records
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function isJson({ form, text }: RawEntry): boolean {
  if (form !== 'object') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/** A dataset without a sample is measured by its examples, again and again. */
function exampleFile(dataset: CompiledDataset): Buffer {
  const examples = dataset.folder.examples.map((document) => document.value as DatasetExample)
  const texts = examples.filter(({ out }) => out !== undefined).map((example) => entryOf(dataset, example.in).text)
  const { format } = dataset
  if (format.kind !== 'csv') return Buffer.from(texts.join('\n').concat('\n').repeat(EXAMPLE_COPIES))
  const row = (cells: string[]) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(format.delimiter)}\n`
  const rows = texts.map((text) => row(JSON.parse(text) as string[])).join('')
  return Buffer.from(format.columns.join(format.delimiter).concat('\n', rows.repeat(EXAMPLE_COPIES)))
}
