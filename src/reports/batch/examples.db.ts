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

export type ExamplesDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  registry: { versions: ReadonlyMap<string, Pick<Dataset, 'format'>> }
}

/**
 * Reads of examples the key and the form of the value, as far as the source records are kept. Keys are left out for who may not know
 * them. Examples of chunks beyond the first twelve are given as they came. `records` says how many source records were read for it.
 */
export async function readExamples(
  { db, vault, registry }: ExamplesDeps,
  batch: string,
  asked: readonly AskedExample[],
  mayKnow: boolean,
): Promise<{ shown(example: AskedExample): ShownExample; records: number }> {
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
  const keys = await readKeys(db, vault, mayKnow ? chunks.map(({ id }) => id) : [])
  return {
    records: [...wanted].filter((line) => records.has(line) || keys.has(line)).length,
    shown({ line, path }) {
      const record = records.get(line)
      const form = record === undefined || path === '' ? undefined : masked(valueAt(record, path))
      return { line, path, key: keys.get(line) ?? null, form: form ?? null }
    },
  }
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
