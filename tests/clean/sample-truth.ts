import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export const SAMPLES = new URL('../samples/', import.meta.url)

/** What a record or a nested member of a sample file really is; `tests/samples/README.md` describes it. */
export type TruthRow = {
  dataset: string
  file: string
  line: number
  member?: number
  platform: string
  errors: string[]
  expected: 'accept' | 'any' | 'hold-or-reject' | 'reject'
  person_id?: string
  family_id?: string
  nik_state?: string
}

export type Attributes = Record<string, string | number | undefined>

export type Truth = {
  /** By file and line: the record and its members. */
  files: Map<string, Map<number, TruthRow[]>>
  persons: Map<string, Attributes>
  families: Map<string, Attributes>
}

/** Reads the truth beside the sample files. */
export function readTruth(): Truth {
  const files: Truth['files'] = new Map()
  for (const row of lines<TruthRow>('rows')) {
    const byLine = files.get(row.file) ?? new Map<number, TruthRow[]>()
    files.set(row.file, byLine.set(row.line, [...(byLine.get(row.line) ?? []), row]))
  }
  return { files, persons: byId('persons', 'person_id'), families: byId('families', 'family_id') }
}

function byId(name: string, key: string): Map<string, Attributes> {
  return new Map(lines<Attributes>(name).map((row) => [String(row[key]), row]))
}

function lines<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(new URL(`truth/${name}.ndjson.gz`, SAMPLES))).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
