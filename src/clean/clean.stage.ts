import type { Pool } from 'pg'
import { TitianError } from '../domain/error.ts'
import { CHUNK, STAGE } from '../domain/states.ts'
import { readSealedRaw, saveCleaned } from '../engine/chunks/content.sql.ts'
import type { Cleaner } from '../engine/cleaner.ts'
import { saveReport } from '../engine/report.sql.ts'
import { saveSigns } from '../engine/signs/signs.sql.ts'
import type { Stage } from '../engine/stage.ts'

export type CleanDeps = { db: Pool; cleaner: Cleaner }

/** Validates and harmonizes the entries of a chunk by the dataset version that its batch is pinned to. */
export function cleanStage({ db, cleaner }: CleanDeps): Stage {
  return {
    ...STAGE.clean,
    run: async ({ id, platform, dataset, datasetVersion, agreement }) => {
      const raw = await readSealedRaw(db, id)
      if (raw === undefined) throw new TitianError('sealed-invalid', `${id} has no raw records any more`)
      const rules = { dataset: `${dataset}@${datasetVersion}`, platform, agreement }
      const result = await cleaner.cleanChunk(rules, { id, platform, raw })
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
