import type { Pool } from 'pg'
import { type FindingText, findingTitle } from '../../domain/finding.ts'
import { decodeReport, type EntryFinding } from '../../domain/report.ts'
import { readRaw } from '../../engine/chunks/content.sql.ts'
import { WHOLE_BATCH_FINDINGS } from '../../engine/findings.ts'
import type { Language } from '../../io/http/language.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { GivenBack } from './given-back.ts'
import { howToMend } from './mend.ts'
import { type ChunkOfRows, nextChunkOfRows, readOpenLines, readStoredReports } from './rows.sql.ts'
import type { GivenRow, RowReason } from './rows-text.ts'

export type RowsDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  findings: Readonly<Record<string, FindingText>>
}

/**
 * Gives back rows of a batch, chunk by chunk, so that memory is bounded by one chunk. `rejected` are those that something was
 * wrong with themselves, `unprocessed` those that only the end of their batch kept out, and those still pending.
 */
export async function* giveBackRows(
  deps: RowsDeps,
  { batch, which, language }: { batch: string; which: GivenBack; language: Language },
): AsyncGenerator<GivenRow[]> {
  for (let after = 0; ; ) {
    const chunk = await nextChunkOfRows(deps.db, batch, which, after)
    if (chunk === undefined) return
    after = chunk.firstLine
    const rows = await rowsOfChunk(deps, chunk, which, language)
    if (rows.length > 0) yield rows
  }
}

async function rowsOfChunk(
  { db, vault, findings: texts }: RowsDeps,
  chunk: ChunkOfRows,
  which: GivenBack,
  language: Language,
): Promise<GivenRow[]> {
  const open = chunk.isKnown ? await readOpenLines(db, chunk.id, which === 'held' ? 'held' : 'rejected') : undefined
  if (open?.size === 0) return []
  const reports = (await readStoredReports(db, chunk.id)).flatMap((report) => decodeReport(report))
  const found = Map.groupBy(reports, ({ line }) => line)
  const entries = (await readRaw(db, vault, chunk)) ?? []
  const rows: GivenRow[] = []
  for (const entry of entries) {
    if (open !== undefined && !open.has(entry.line)) continue
    const findings = found.get(entry.line) ?? []
    if (open !== undefined && which !== 'held' && isUnprocessed(findings) !== (which === 'unprocessed')) continue
    const reason: RowReason = {
      line: entry.line,
      outcome: open === undefined ? 'pending' : which === 'held' ? 'held' : 'rejected',
      findings: findings.map(({ code, path, severity }) => ({
        code,
        path,
        title: findingTitle(texts, code, language),
        mend: howToMend(code, severity, language),
      })),
    }
    rows.push({ entry, reason })
  }
  return rows
}

/** Whether nothing but the end of its batch kept an entry out. */
function isUnprocessed(findings: readonly EntryFinding[]): boolean {
  return findings.every(({ code, severity }) => severity === 'warning' || WHOLE_BATCH_FINDINGS.has(code))
}
