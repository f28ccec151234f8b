import type { Dataset } from '../domain/dataset.ts'
import type { CleanEntry } from '../domain/entry.ts'
import type { Platform } from '../domain/platform.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { openRaw, sealCleaned } from '../engine/chunks/sealed-chunk.ts'
import type { CleanedChunk, SealedChunk } from '../engine/cleaner.ts'
import { FileSigns } from '../engine/signs/file-signs.ts'
import type { Vault } from '../trust/keys/vault.ts'

/** What a sealed chunk is cleaned with; `at` is told each line before it is worked. */
export type ChunkCleaning = { dataset: Dataset; platform: Platform; vault: Vault; at(line: number): void }

/** Opens a chunk, validates and harmonizes its entries, and seals them again. */
export function cleanChunk(chunk: SealedChunk, { dataset, platform, vault, at }: ChunkCleaning): CleanedChunk {
  const raw = openRaw(vault, chunk, Buffer.from(chunk.raw.buffer, chunk.raw.byteOffset, chunk.raw.byteLength))
  const entries = raw.map((entry) => {
    at(entry.line)
    return dataset.clean(entry, platform)
  })
  const findings = findingsOf(entries)
  const signs = new FileSigns()
  for (const entry of entries) signs.add(entry)
  return {
    cleaned: sealCleaned(vault, chunk, entries),
    report: encodeReport(findings),
    counts: countCodes(findings),
    signs: signs.stored(),
  }
}

function findingsOf(entries: readonly CleanEntry[]): EntryFinding[] {
  const findings: EntryFinding[] = []
  for (const { line, findings: found } of entries) {
    for (const { code, severity, path } of found) findings.push({ line, code, severity, path })
  }
  return findings
}
