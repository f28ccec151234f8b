import type { Static } from 'typebox'
import { csvCell } from '../domain/text/csv.ts'
import type { FindingItem } from '../engine/batch-shapes.ts'

export type FindingView = Static<typeof FindingItem>

const COLUMNS = ['line', 'key', 'code', 'severity', 'path', 'title', 'outcome', 'corrected_by'] as const

/** Findings as NDJSON. */
export function toNdjson(findings: readonly FindingView[]): string {
  return findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
}

/** Findings as CSV (RFC 4180) that a spreadsheet can open without running anything. */
export function toCsv(findings: readonly FindingView[]): string {
  const rows = findings.map((finding) => COLUMNS.map((column) => csvCell(String(finding[column] ?? ''))))
  return [COLUMNS, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}
