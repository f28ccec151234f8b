import type { Dataset } from '../domain/dataset.ts'
import type { RawEntry } from '../domain/entry.ts'
import type { Finding } from '../domain/finding.ts'
import type { Platform } from '../domain/platform.ts'
import { FileKeys } from './file-keys.ts'

type CheckedFinding = Finding & { line: number; key: string | null }
export type CheckResult = {
  received: number
  accepted: number
  held: number
  rejected: number
  counts: Record<string, number>
  findings: CheckedFinding[]
  truncated: boolean
}

/** Cleans entries as the pipeline would and keeps only what was found: all counts, and the first findings. */
export async function checkEntries(
  entries: AsyncIterable<RawEntry>,
  dataset: Dataset,
  platform: Platform,
  maxFindings: number,
): Promise<CheckResult> {
  const result: CheckResult = {
    received: 0,
    accepted: 0,
    held: 0,
    rejected: 0,
    counts: {},
    findings: [],
    truncated: false,
  }
  const keys = new FileKeys()
  for await (const entry of entries) {
    const { line, key, verdict, findings } = keys.judge(dataset.clean(entry, platform))
    result.received += 1
    result[verdict] += 1
    for (const { code, severity, path } of findings) {
      result.counts[code] = (result.counts[code] ?? 0) + 1
      if (result.findings.length < maxFindings) result.findings.push({ line, key, code, severity, path })
      else result.truncated = true
    }
  }
  return result
}
