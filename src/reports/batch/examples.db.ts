import type { Pool } from 'pg'
import type { Dataset } from '../../domain/dataset.ts'
import type { Json, RawEntry } from '../../domain/entry.ts'
import { readRaw } from '../../engine/chunks/content.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { readKeys } from '../findings.sql.ts'
import { masked, valueAt } from './masked.ts'
import { findChunksOfLines } from './report.sql.ts'

/** Which entries are shown as examples: a line, and the pointer to what was found. */
export type AskedExample = { line: number; path: string }
export type ShownExample = AskedExample & { key: string | null; form: string | null }

/** Chunks that are opened for the examples of one report, at most. */
const MOST_CHUNKS = 12
/** Signs of a value that are shown, at most: an entry without a field may be shown whole. */
const MOST_SHOWN = 600

export type ExamplesDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  registry: { versions: ReadonlyMap<string, Pick<Dataset, 'format'>> }
}

/** A value as it came, of an example that somebody asked for by name; null where the record is not kept, or has none there. */
export type ExampleValue = AskedExample & { value: string | null }

/**
 * Reads of examples the key and the form of the value, as far as the source records are kept. Keys are left out for who may not know
 * them. Examples of chunks beyond the first twelve are given as they came. `records` says how many source records were read for it.
 */
export async function readExamples(
  deps: ExamplesDeps,
  batch: string,
  asked: readonly AskedExample[],
  mayKnow: boolean,
): Promise<{ shown(example: AskedExample): ShownExample; records: number }> {
  const { records, chunks } = await openRecords(deps, batch, asked)
  const keys = await readKeys(deps.db, deps.vault, mayKnow ? chunks : [])
  const lines = [...new Set(asked.map(({ line }) => line))]
  return {
    records: lines.filter((line) => records.has(line) || keys.has(line)).length,
    shown({ line, path }) {
      const record = records.get(line)
      const form = record === undefined || path === '' ? undefined : masked(valueAt(record, path))
      return { line, path, key: keys.get(line) ?? null, form: form ?? null }
    },
  }
}

/** Reads the values of examples themselves: personal data, so the caller writes it down first. */
export async function readExampleValues(
  deps: ExamplesDeps,
  batch: string,
  asked: readonly AskedExample[],
): Promise<ExampleValue[]> {
  const { records } = await openRecords(deps, batch, asked)
  return asked.map(({ line, path }) => {
    const record = records.get(line)
    const value = record === undefined ? undefined : valueAt(record, path)
    if (value === undefined) return { line, path, value: null }
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return { line, path, value: text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text }
  })
}

/** The records of some lines, as far as they are kept, and the chunks that they lie in. */
async function openRecords({ db, vault, registry }: ExamplesDeps, batch: string, asked: readonly AskedExample[]) {
  const chunks = (await findChunksOfLines(db, batch, [...new Set(asked.map(({ line }) => line))])).slice(0, MOST_CHUNKS)
  const wanted = new Set(asked.map(({ line }) => line))
  const records = new Map<number, Json>()
  for (const chunk of chunks) {
    const format = registry.versions.get(`${chunk.dataset}@${chunk.version}`)?.format
    const columns = format?.kind === 'csv' ? format.columns : undefined
    for (const entry of (await readRaw(db, vault, chunk)) ?? []) {
      const record = wanted.has(entry.line) ? recordOf(entry, columns) : undefined
      if (record !== undefined) records.set(entry.line, record)
    }
  }
  return { records, chunks: chunks.map(({ id }) => id) }
}

/** The record of an entry as its pointers see it; undefined when it cannot be read. */
function recordOf({ form, text }: RawEntry, columns: readonly string[] | undefined): Json | undefined {
  if (form === 'refused') return undefined
  try {
    const value = JSON.parse(text) as Json
    if (form === 'object' || columns === undefined) return value
    const cells = value as string[]
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))
  } catch {
    return undefined
  }
}
