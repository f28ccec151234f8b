import type { Dataset } from '../domain/dataset.ts'
import type { CleanEntry, RawEntry } from '../domain/entry.ts'
import type { Platform } from '../domain/platform.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { openRaw, sealCleaned } from '../engine/chunks/sealed-chunk.ts'
import type { CleanedChunk, FoundRows, SealedChunk } from '../engine/cleaner.ts'
import { FileSigns } from '../engine/signs/file-signs.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { otherFilesOf } from './lookups/kept-rows.ts'

/** What a sealed chunk is cleaned with; `at` is told each line before it is worked. */
export type ChunkCleaning = {
  dataset: Dataset
  platform: Platform
  vault: Vault
  at(line: number): void
  /** What its records look up in other files. */
  found: FoundRows | undefined
}

/** Opens a chunk, validates and harmonizes its entries, and seals them again. */
export function cleanChunk(chunk: SealedChunk, cleaning: ChunkCleaning): CleanedChunk {
  const { dataset, platform, vault, at, found } = cleaning
  const others = found && otherFilesOf(found, { vault, platform: chunk.platform })
  const entries = openEntries(chunk, vault).map((entry) => {
    at(entry.line)
    return dataset.clean(entry, platform, others)
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

/** The entries of a sealed chunk. */
export function openEntries(chunk: SealedChunk, vault: Pick<Vault, 'open'>): RawEntry[] {
  return openRaw(vault, chunk, Buffer.from(chunk.raw.buffer, chunk.raw.byteOffset, chunk.raw.byteLength))
}

function findingsOf(entries: readonly CleanEntry[]): EntryFinding[] {
  const findings: EntryFinding[] = []
  for (const { line, findings: found } of entries) {
    for (const { code, severity, path } of found) findings.push({ line, code, severity, path })
  }
  return findings
}
