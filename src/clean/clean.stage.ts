import type { Pool } from 'pg'
import type { Lookup } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import { CHUNK, STAGE } from '../domain/states.ts'
import { readSealedRaw, saveCleaned } from '../engine/chunks/content.sql.ts'
import type { Cleaner } from '../engine/cleaner.ts'
import { saveReport } from '../engine/report.sql.ts'
import { saveSigns } from '../engine/signs/signs.sql.ts'
import type { Stage } from '../engine/stage.ts'
import { type FindingDeps, rowsFor } from './lookups/find-rows.db.ts'

export type CleanDeps = Omit<FindingDeps, 'cleaner'> & {
  db: Pool
  cleaner: Cleaner
  /** What records of a dataset version (`name@version`) look up in other files. */
  lookupsOf(version: string): readonly Lookup[]
}

/** Validates and harmonizes the entries of a chunk by the dataset version that its batch is pinned to. */
export function cleanStage(deps: CleanDeps): Stage {
  const { db, cleaner, lookupsOf } = deps
  return {
    ...STAGE.clean,
    probe: () => cleaner.answers(),
    run: async (claimed, signal) => {
      const { id, platform, dataset, datasetVersion, agreement } = claimed
      const raw = await readSealedRaw(db, id)
      if (raw === undefined) throw new TitianError('sealed-invalid', `${id} has no raw records any more`)
      const rules = { dataset: `${dataset}@${datasetVersion}`, platform, agreement }
      const chunk = { id, platform, raw }
      const lookups = lookupsOf(rules.dataset)
      const found = lookups.length === 0 ? undefined : await rowsFor(claimed, chunk, lookups, deps, signal)
      if (found !== undefined && found.is !== 'found') return found
      const result = await cleaner.cleanChunk(rules, chunk, found?.rows)
      if (result.is === 'stuck') return result
      const { cleaned, report, counts, signs } = result.chunk
      return {
        is: 'done',
        save: async (tx) => {
          await saveCleaned(tx, id, bufferOf(cleaned))
          await saveReport(tx, id, STAGE.clean.name, bufferOf(report), counts)
          await saveSigns(tx, id, STAGE.clean.name, signs)
          return CHUNK.clean
        },
      }
    },
  }
}

/** The same bytes as a Buffer: a thread hands on plain arrays. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
