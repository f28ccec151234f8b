import type { Pool } from 'pg'
import type { SourceFormat } from '../domain/dataset.ts'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import { DTSEN_FILES, type DtsenFile } from '../domain/results/result.ts'
import { STAGE } from '../domain/states.ts'
import { readRaw } from '../engine/chunks/content.sql.ts'
import type { ClaimedChunk, Stage } from '../engine/stage.ts'
import type { Canonical } from '../language/canonical.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { ResultCatalogue } from './catalogue.ts'
import { readResultHead } from './head.sql.ts'
import { postChunk } from './post-chunk.db.ts'
import { rowReader } from './read/read-dtsen.ts'
import { lineReader, type ReadText } from './read/read-line.ts'
import type { ReadEntry } from './read/stated.ts'
import type { SubjectRegister } from './register.ts'

export type ResultsDeps = {
  db: Pool
  vault: Vault
  register: SubjectRegister
  catalogue: ResultCatalogue
  canonical: Canonical
  /** The layout of a file of the DTSEN. */
  formatOf(dataset: DtsenFile, version: string): SourceFormat | undefined
  clock: () => Date
  crash(point: string): void
}

/** The results stage: reads what BPS says of subjects, lets it take effect, and notes whom it is to be told. */
export function resultsStage(deps: ResultsDeps): Stage {
  const { db, vault, crash } = deps
  return {
    ...STAGE.results,
    run: async (chunk) => {
      const raw = await readRaw(db, vault, chunk)
      if (raw === undefined) throw new TitianError('sealed-invalid', `${chunk.id} has no entries any more`)
      const read = await readerOf(deps, chunk)
      const entries = raw.map((entry) => readEntry(entry, read))
      crash('results:read')
      return {
        is: 'done',
        save: async (tx) => {
          const next = await postChunk(tx, deps, chunk, entries)
          crash('results:saved')
          return next
        },
      }
    },
  }
}

function readEntry({ line, form, text, notes = [] }: RawEntry, read: ReadText): ReadEntry {
  if (form === 'refused') return { line, stated: undefined, findings: [{ code: text, severity: 'error', path: '' }] }
  const { stated, findings } = read(text)
  const told = notes.map((code) => ({ code, severity: 'warning' as const, path: '' }))
  return { line, stated, findings: [...told, ...findings] }
}

async function readerOf({ db, catalogue, canonical, formatOf, clock }: ResultsDeps, chunk: ClaimedChunk) {
  // Indonesia's easternmost zone is nine hours ahead.
  const today = new Date(clock().getTime() + 9 * 3_600_000).toISOString().slice(0, 10)
  const rules = { catalogue, canonical, today }
  const file = DTSEN_FILES.find((name) => name === chunk.dataset)
  if (file === undefined) return lineReader(rules)
  const [format, head] = [formatOf(file, chunk.datasetVersion), await readResultHead(db, chunk.batch)]
  if (format?.kind !== 'csv' || head === undefined)
    throw new TitianError(
      'registry-invalid',
      `${file}@${chunk.datasetVersion} is no layout, or ${chunk.batch} has no head`,
    )
  return rowReader(file, format, head, rules)
}
