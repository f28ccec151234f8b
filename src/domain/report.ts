import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Finding } from './finding.ts'

/** A finding and the line of the entry it belongs to. */
export type EntryFinding = Finding & { line: number }

/** The stored form of one chunk's findings: NDJSON, one finding a line, under zstd. */
export function encodeReport(findings: readonly EntryFinding[]): Buffer {
  let text = ''
  for (const { line, code, severity, path } of findings) {
    text += `{"line":${line},"code":${JSON.stringify(code)},"severity":"${severity}","path":${JSON.stringify(path)}}\n`
  }
  return zstdCompressSync(text)
}

/** The reverse of `encodeReport`. */
export function decodeReport(report: Uint8Array): EntryFinding[] {
  const text = zstdDecompressSync(report).toString()
  const findings: EntryFinding[] = []
  for (const line of text.split('\n')) if (line !== '') findings.push(JSON.parse(line))
  return findings
}

/** How often each code occurs: the `counts` beside a report, for tables that need no list. */
export function countCodes(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1
  return counts
}
