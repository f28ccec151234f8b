import type { CleanEntry, RawEntry } from '../domain/entry.ts'
import type { Finding } from '../domain/finding.ts'
import { FileSigns, type StoredSigns } from '../engine/signs/file-signs.ts'
import { FileKeys } from './file-keys.ts'

const GROUP_ENTRIES = 200
const GROUP_LENGTH = 1_000_000

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

/** Cleans entries as the pipeline would and keeps only what was found: all counts, the first findings, and the signs of the whole file. */
export async function checkEntries(
  entries: AsyncIterable<RawEntry>,
  clean: (entries: readonly RawEntry[]) => Promise<CleanEntry[]>,
  maxFindings: number,
): Promise<{ result: CheckResult; signs: StoredSigns }> {
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
  const signs = new FileSigns()
  for await (const group of groupsOf(entries)) {
    for (const entry of await clean(group)) {
      signs.add(entry)
      addTo(result, keys.judge(entry), maxFindings)
    }
  }
  return { result, signs: signs.stored() }
}

function addTo(result: CheckResult, { line, key, verdict, findings }: CleanEntry, maxFindings: number): void {
  result.received += 1
  result[verdict] += 1
  for (const { code, severity, path } of findings) {
    result.counts[code] = (result.counts[code] ?? 0) + 1
    if (result.findings.length < maxFindings) result.findings.push({ line, key, code, severity, path })
    else result.truncated = true
  }
}

/** Groups of entries that are cleaned at once: bounded in number and in text, so that memory is, too. */
async function* groupsOf(entries: AsyncIterable<RawEntry>): AsyncGenerator<RawEntry[]> {
  let group: RawEntry[] = []
  let length = 0
  for await (const entry of entries) {
    group.push(entry)
    length += entry.text.length
    if (group.length < GROUP_ENTRIES && length < GROUP_LENGTH) continue
    yield group
    group = []
    length = 0
  }
  if (group.length > 0) yield group
}
