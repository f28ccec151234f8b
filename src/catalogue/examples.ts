import { isDeepStrictEqual } from 'node:util'
import { ANYWHERE } from '../clean/mapping/any-platform.ts'
import type { OtherFiles } from '../domain/dataset.ts'
import type { CanonicalRecord, CleanEntry, Json, RawEntry } from '../domain/entry.ts'
import type { Platform } from '../domain/platform.ts'
import type { Diagnostics } from '../language/diagnostics.ts'
import { didYouMean } from '../language/did-you-mean.ts'
import type { Document } from '../language/document.ts'
import type { CompiledDataset } from './registry.ts'

/** One file of `examples/`. */
export type DatasetExample = {
  title?: string
  platform?: string
  in: Json
  /** Rows of the files that it looks values up in, by lookup; without, no other file is sent along. */
  others?: Record<string, Json[]>
  verdict?: CleanEntry['verdict']
  out?: Partial<CanonicalRecord>[]
  findings?: { code: string; path: string }[]
}

/** One difference between an example and what the dataset makes of its record. */
export type Difference = { at: string; expected: unknown; actual: unknown }

const KEYS = ['title', 'platform', 'in', 'others', 'verdict', 'out', 'findings']
const OPTIONAL = ['path', 'extensions', 'candidates', 'inferred', 'asOf', 'household', 'headNik'] as const
/** Runs every example of a dataset; a difference is a diagnostic of its file. */
export function testExamples(
  dataset: CompiledDataset,
  platforms: ReadonlyMap<string, Platform>,
  diagnostics: Diagnostics,
): void {
  requireKinds(dataset, diagnostics)
  for (const document of dataset.folder.examples) testOne(dataset, document, platforms, diagnostics)
}

/** A dataset shows at least one record that comes out well and one that does not. */
export function requireKinds({ folder: { examples } }: CompiledDataset, diagnostics: Diagnostics): void {
  const all = examples.map((document) => document.value as DatasetExample)
  for (const kind of ['out', 'findings'] as const) {
    if (examples[0] !== undefined && !all.some((example) => example[kind] !== undefined))
      diagnostics.add(examples[0].at(), `No example of this dataset has "${kind}". Add one.`)
  }
}

function testOne(
  dataset: CompiledDataset,
  document: Document,
  platforms: ReadonlyMap<string, Platform>,
  diagnostics: Diagnostics,
): void {
  for (const { at, expected, actual } of runExample(dataset, document, platforms, diagnostics)) {
    diagnostics.add(
      document.at(...at.split('/')),
      `The dataset gives ${JSON.stringify(actual)} where the example says ${JSON.stringify(expected)}. Correct the mapping or the example.`,
    )
  }
}

/** Runs the example of one file; what is wrong with the file itself is a diagnostic. */
export function runExample(
  dataset: CompiledDataset,
  document: Document,
  platforms: ReadonlyMap<string, Platform>,
  diagnostics: Diagnostics,
): Difference[] {
  const example = document.value as DatasetExample
  const odd = Object.keys(example).find((key) => !KEYS.includes(key))
  if (odd !== undefined) diagnostics.add(document.at(odd), `"${odd}" is no key of an example. Use ${KEYS.join(', ')}.`)
  if (example.in === undefined || (example.out === undefined && example.findings === undefined)) {
    diagnostics.add(document.at(), 'An example needs "in", and "out" or "findings". Add them.')
    return []
  }
  const stranger = Object.keys(example.others ?? {}).find((name) => !dataset.lookups.some((one) => one.name === name))
  if (stranger !== undefined)
    diagnostics.add(
      document.at('others', stranger),
      `The mapping has no lookup "${stranger}". ${didYouMean(
        stranger,
        dataset.lookups.map(({ name }) => name),
        'Leave it out.',
      )}`,
    )
  const platform = example.platform === undefined ? ANYWHERE : platforms.get(example.platform)
  if (platform === undefined) {
    diagnostics.add(
      document.at('platform'),
      `There is no platform "${example.platform}". Name a file of platforms/ or leave it out.`,
    )
    return []
  }
  return differences(dataset, example, platform)
}

/** Runs one example and compares: records by level, key and fields in full, other parts only where the example names them. */
function differences(dataset: CompiledDataset, example: DatasetExample, platform: Platform): Difference[] {
  const result = dataset.clean(entryOf(dataset, example.in), platform, othersOf(dataset, example))
  const found: Difference[] = []
  const compare = (at: string, expected: unknown, actual: unknown) => {
    if (!isDeepStrictEqual(expected, actual)) found.push({ at, expected, actual })
  }
  const verdict = example.verdict ?? (example.out === undefined ? undefined : 'accepted')
  if (verdict !== undefined) compare('verdict', verdict, result.verdict)
  if (example.findings !== undefined) compare('findings', sorted(example.findings), sorted(result.findings))
  if (example.out === undefined || result.verdict !== 'accepted') return found
  compare('out', example.out.length, result.records.length)
  for (const [index, expected] of example.out.entries()) {
    const actual = result.records[index]
    if (actual === undefined) continue
    compare(`out/${index}/level`, expected.level, actual.level)
    // A derived key depends on the gateway's secret: an example says only that there is one.
    compare(`out/${index}/key`, expected.key, expected.key === '~' ? actual.key.slice(0, 1) : actual.key)
    for (const name of new Set([...Object.keys(expected.fields ?? {}), ...Object.keys(actual.fields)])) {
      compare(`out/${index}/fields/${name}`, expected.fields?.[name], actual.fields[name])
    }
    for (const part of OPTIONAL)
      if (expected[part] !== undefined) compare(`out/${index}/${part}`, expected[part], actual[part])
  }
  return found
}

/** The other files of an example; undefined where none is sent along. */
export function othersOf({ lookups }: CompiledDataset, { others }: DatasetExample): OtherFiles | undefined {
  if (others === undefined) return undefined
  return {
    has: (lookup) => Object.hasOwn(others, lookup),
    find(lookup, key) {
      const rule = lookups.find(({ name }) => name === lookup)
      const [first, ...more] = (others[lookup] ?? []).filter((row) => rule?.otherKey(row) === key)
      if (first === undefined) return undefined
      return more.every((row) => isDeepStrictEqual(row, first)) ? { row: first } : 'differing'
    },
  }
}

/** The entry that a file with this record would give; columns that an example of a CSV leaves out are empty. */
export function entryOf(dataset: CompiledDataset, record: Json): RawEntry {
  const { format } = dataset
  if (format.kind === 'ndjson') return { line: 1, form: 'object', text: JSON.stringify(record) }
  const cells = format.columns.map((column) => (record as Record<string, Json>)[column] ?? '')
  return { line: 2, form: 'cells', text: JSON.stringify(cells) }
}

function sorted(findings: readonly { code: string; path: string }[]): string[] {
  return findings.map(({ code, path }) => `${code} ${path}`).sort()
}
