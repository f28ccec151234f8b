import type { EntryFinding } from '../domain/report.ts'
import { type FindingCursor, formatCursor } from './paging.ts'

/** One stage's findings of one chunk. */
export type StageReport = { firstLine: number; stage: number; findings: EntryFinding[] }
export type Page = { findings: EntryFinding[]; next: string | null }

/** Takes the next findings after a cursor out of reports in order; `more` says that other reports follow them. */
export function pageOf(reports: readonly StageReport[], after: FindingCursor, limit: number, more: boolean): Page {
  const findings: EntryFinding[] = []
  let cursor = after
  for (const { firstLine, stage, findings: found } of reports) {
    const isStarted = firstLine === after.firstLine && stage === after.stage
    const skip = isStarted ? after.taken : 0
    const taken = found.slice(skip, skip + limit - findings.length)
    findings.push(...taken)
    cursor = { firstLine, stage, taken: skip + taken.length }
    if (findings.length === limit) {
      const isLast = !more && reports.at(-1)?.findings === found && cursor.taken === found.length
      return { findings, next: isLast ? null : formatCursor(cursor) }
    }
  }
  return { findings, next: more ? formatCursor(cursor) : null }
}
