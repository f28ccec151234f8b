import type { Pool } from 'pg'
import type { Dataset } from '../domain/dataset.ts'
import type { CleanEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { CHUNK, STAGE } from '../domain/states.ts'
import { readRaw, saveCleaned } from '../engine/chunks/content.sql.ts'
import { sealCleaned } from '../engine/chunks/sealed-chunk.ts'
import { saveReport } from '../engine/report.sql.ts'
import type { Stage } from '../engine/stage.ts'
import type { Vault } from '../trust/keys/vault.ts'

export type CleanDeps = {
  db: Pool
  vault: Vault
  registry: { versions: ReadonlyMap<string, Dataset>; platforms: ReadonlyMap<string, Platform> }
}

/** Validates and harmonizes the entries of a chunk by the dataset version that its batch is pinned to. */
export function cleanStage({ db, vault, registry }: CleanDeps): Stage {
  return {
    ...STAGE.clean,
    run: async (chunk) => {
      const dataset = registry.versions.get(`${chunk.dataset}@${chunk.datasetVersion}`)
      const platform = registry.platforms.get(chunk.platform)
      if (dataset === undefined || platform === undefined) {
        throw new TitianError(
          'registry-invalid',
          `${chunk.dataset}@${chunk.datasetVersion} of ${chunk.platform} is gone`,
        )
      }
      const raw = await readRaw(db, vault, chunk)
      if (raw === undefined) throw new TitianError('sealed-invalid', `${chunk.id} has no raw records any more`)
      const entries = raw.map((entry) => dataset.clean(entry, platform))
      const findings = findingsOf(entries)
      const report = encodeReport(findings)
      const counts = countCodes(findings)
      const cleaned = sealCleaned(vault, chunk, entries)
      return {
        is: 'done',
        save: async (tx) => {
          await saveCleaned(tx, chunk.id, cleaned)
          await saveReport(tx, chunk.id, STAGE.clean.name, report, counts)
          return CHUNK.clean
        },
      }
    },
  }
}

function findingsOf(entries: readonly CleanEntry[]): EntryFinding[] {
  const findings: EntryFinding[] = []
  for (const { line, findings: found } of entries) {
    for (const { code, severity, path } of found) findings.push({ line, code, severity, path })
  }
  return findings
}
