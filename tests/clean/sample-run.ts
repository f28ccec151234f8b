import { createReadStream } from 'node:fs'
import type { Registry } from '../../src/catalogue/registry.ts'
import type { CanonicalRecord, CleanEntry } from '../../src/domain/entry.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import { type Judgement, type Merges, scoreRecord } from './sample-score.ts'
import { SAMPLES, type Truth, type TruthRow } from './sample-truth.ts'

/** What the clean stage makes of one sample file, against the truth. */
export type FileScore = {
  dataset: string
  entries: number
  accepted: number
  /** Lines whose verdict the truth does not allow, with the verdict. */
  misjudged: string[]
  values: Map<string, { right: number; wrong: number }>
}

/** Cleans a sample file through the real reader and dataset, and scores it. */
export async function scoreFile(file: string, registry: Registry, truth: Truth): Promise<FileScore> {
  const rows = truth.files.get(file)
  const dataset = registry.datasets.get([...(rows?.values() ?? [])][0]?.[0]?.dataset.replaceAll('_', '-') ?? '')
  const platform = registry.platforms.get(file.split('/')[0] ?? '')
  if (rows === undefined || dataset === undefined || platform === undefined)
    throw new Error(`no truth, dataset or platform for ${file}`)
  const score: FileScore = { dataset: dataset.name, entries: 0, accepted: 0, misjudged: [], values: new Map() }
  const merges: Merges = (field, code) => mergedBy(registry, field, code)
  for await (const entry of readEntries(createReadStream(new URL(file, SAMPLES)), dataset.format, {
    recordBytes: 1_000_000,
  })) {
    const cleaned = dataset.clean(entry, platform)
    const known = rows.get(entry.line) ?? []
    score.entries++
    if (cleaned.verdict === 'accepted') score.accepted++
    const complaint = complain(known, cleaned.verdict)
    if (complaint !== undefined) score.misjudged.push(`${dataset.name} line ${entry.line}: ${complaint}`)
    for (const record of cleaned.records) for (const judged of judge(record, known, truth, merges)) count(score, judged)
  }
  return score
}

function complain(rows: TruthRow[], verdict: CleanEntry['verdict']): string | undefined {
  const expected = new Set(rows.map((row) => row.expected))
  if (expected.has('reject')) return verdict === 'rejected' ? undefined : `${verdict}, must be rejected`
  if (expected.has('hold-or-reject')) return verdict === 'accepted' ? 'accepted, must not be taken' : undefined
  return expected.has('accept') && verdict !== 'accepted' ? `${verdict}, must be accepted` : undefined
}

function judge(record: CanonicalRecord, rows: TruthRow[], truth: Truth, merges: Merges): Judgement[] {
  const member = /^\/[a-z]+\/(\d+)$/.exec(record.path)?.[1]
  const row = rows.find((each) => (each.member === undefined ? undefined : String(each.member)) === member)
  if (row === undefined) return []
  const person = truth.persons.get(row.person_id ?? '')
  const family = truth.families.get(String(row.family_id ?? person?.family_id))
  const errors = member === undefined ? row.errors : [...row.errors, ...(rows[0]?.errors ?? [])]
  const real = record.level === 'individu' ? { ...family, ...person } : family
  return real === undefined ? [] : scoreRecord(record, { ...row, errors }, real, merges)
}

function mergedBy(registry: Registry, field: string, code: string): string[] | undefined {
  const variable =
    registry.canonical.variables.get(`keluarga.${field}`) ?? registry.canonical.variables.get(`individu.${field}`)
  return registry.canonical.codelists.get(variable?.codelist ?? '')?.codes.find((known) => known.code === code)?.merges
}

function count(score: FileScore, { field, right }: Judgement): void {
  const tally = score.values.get(field) ?? { right: 0, wrong: 0 }
  tally[right ? 'right' : 'wrong']++
  score.values.set(field, tally)
}
