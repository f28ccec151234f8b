import type { Dataset } from '../domain/dataset.ts'
import type { CleanEntry } from '../domain/entry.ts'
import type { Platform } from '../domain/platform.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { encodeClean } from '../engine/cleaned.ts'
import { unpackEntries } from '../engine/packing.ts'
import type { CleanedChunk } from './cleaner.ts'

/** Validates and harmonizes the entries of a packed chunk; `at` is told each line before it is worked. */
export function cleanChunk(
  packed: Buffer,
  dataset: Dataset,
  platform: Platform,
  at: (line: number) => void,
): CleanedChunk {
  const entries = unpackEntries(packed).map((entry) => {
    at(entry.line)
    return dataset.clean(entry, platform)
  })
  const findings = findingsOf(entries)
  return { cleaned: encodeClean(entries), report: encodeReport(findings), counts: countCodes(findings) }
}

function findingsOf(entries: readonly CleanEntry[]): EntryFinding[] {
  const findings: EntryFinding[] = []
  for (const { line, findings: found } of entries) {
    for (const { code, severity, path } of found) findings.push({ line, code, severity, path })
  }
  return findings
}
