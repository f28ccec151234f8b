import { type FindingText, findingTitle } from '../../domain/finding.ts'
import type { Platform } from '../../domain/platform.ts'
import { BATCH } from '../../domain/states.ts'
import { type BatchView, viewBatch } from '../../engine/batch-view.sql.ts'
import { WHOLE_BATCH_FINDINGS } from '../../engine/findings.ts'
import { type FileFinding, judgeFile } from '../../engine/signs/judge-file.ts'
import { fileFindingsIn } from '../../engine/signs/shape.ts'
import { readSigns } from '../../engine/signs/signs.sql.ts'
import type { Language } from '../../io/http/language.ts'
import { withDeliveries } from '../batch-deliveries.sql.ts'
import { type ExamplesDeps, readExamples } from './examples.db.ts'
import { howToMend } from './mend.ts'
import { findBatchBefore } from './report.sql.ts'
import type { BatchReportView } from './report-shape.ts'
import type { ReadTally } from './tally.db.ts'
import type { FindingTally } from './tally.ts'
import { verdictOfBatch } from './verdict.ts'

export type ReportDeps = ExamplesDeps & {
  readTally: ReadTally
  registry: ExamplesDeps['registry'] & { platforms: Pick<ReadonlyMap<string, Pick<Platform, 'scope'>>, 'get'> }
  findings: Readonly<Record<string, FindingText>>
}

/** Causes whose examples are looked at; those behind them have counts only. */
const WITH_EXAMPLES = 40

/**
 * The report of a batch for somebody who may see it; keys only for who may know them. `records` says how many source records were opened
 * for its examples.
 */
export async function readBatchReport(
  deps: ReportDeps,
  batch: BatchView,
  { language, mayKnow }: { language: Language; mayKnow: boolean },
): Promise<{ report: BatchReportView; records: number }> {
  const { db, readTally, findings: texts } = deps
  const [shown = batch] = await withDeliveries(db, [batch])
  const tally = await readTally(batch)
  const earlier = await findBefore(deps, batch)
  const before = earlier && { entries: entriesByCode(earlier.tally), rows: entriesByRow(earlier.tally) }
  const asked = tally.causes.slice(0, WITH_EXAMPLES).flatMap(({ rows }) => rows[0]?.examples ?? [])
  const examples = await readExamples(deps, batch.id, asked, mayKnow)
  const title = (code: string) => findingTitle(texts, code, language)
  // Causes stand by severity first: the first is not what kept most entries out.
  const [worst] = tally.causes
    .filter(({ severity, code }) => severity !== 'warning' && !WHOLE_BATCH_FINDINGS.has(code))
    .toSorted((a, b) => b.entries - a.entries)
  const report: BatchReportView = {
    verdict: verdictOfBatch(batch, worst && { title: title(worst.code), entries: worst.entries }, language),
    batch: shown,
    before: earlier?.shown ?? null,
    causes: tally.causes.map(({ severity, code, entries, rows }, at) => ({
      severity,
      code,
      title: title(code),
      mend: howToMend(code, severity, language),
      entries,
      before: before === undefined ? null : (before.entries.get(code) ?? 0),
      fields: rows.map(({ field, findings, entries: having }) => ({
        field,
        findings,
        entries: having,
        before: before === undefined ? null : (before.rows.get(`${code} ${field}`) ?? 0),
      })),
      examples: at < WITH_EXAMPLES ? (rows[0]?.examples ?? []).map(examples.shown) : [],
    })),
    file: fileFindingsIn(await judgeBatch(deps, batch, earlier), language),
    uncounted: tally.more,
    quality: qualityOf(tally, batch, earlier),
  }
  return { report, records: examples.records }
}

/** The batch as a whole file; one whose platform is gone, and what is no push, is not judged. */
async function judgeBatch(
  { db, registry }: ReportDeps,
  batch: BatchView,
  earlier: Earlier | undefined,
): Promise<FileFinding[]> {
  const platform = registry.platforms.get(batch.platform)
  if (platform === undefined || batch.kind !== 'push' || batch.state !== BATCH.settled) return []
  const signs = await readSigns(db, batch.id)
  return judgeFile({ ...signs, entries: batch.counts.received }, { platform, before: earlier?.shown.received })
}

type Earlier = { shown: NonNullable<BatchReportView['before']>; tally: FindingTally; known: number }

async function findBefore({ db, readTally }: ReportDeps, batch: BatchView): Promise<Earlier | undefined> {
  const id = await findBatchBefore(db, batch.id)
  const view = id && (await viewBatch(db, id, null))
  if (!view) return undefined
  const { received, rejected, held } = view.counts
  const shown = { batch: view.id, received_at: view.received_at ?? view.created_at, received, rejected, held }
  return { shown, tally: await readTally(view), known: knownOf(view) }
}

/** Fields with findings, the worst first. */
function qualityOf(tally: FindingTally, batch: BatchView, earlier: Earlier | undefined): BatchReportView['quality'] {
  const known = knownOf(batch)
  return [...tally.fields]
    .filter(([field]) => field !== '')
    .map(([field, entries]) => ({
      field,
      entries,
      score: scoreOf(entries, known),
      before: earlier === undefined ? null : scoreOf(earlier.tally.fields.get(field) ?? 0, earlier.known),
    }))
    .sort((a, b) => a.score - b.score || (a.field < b.field ? -1 : 1))
}

function knownOf({ counts }: Pick<BatchView, 'counts'>): number {
  return counts.received - counts.pending
}

/** Findings may stand before the outcomes of their chunk are known, so the share is never below 0. */
function scoreOf(entries: number, known: number): number {
  return known === 0 ? 1 : Math.max(0, Math.round((1 - entries / known) * 10_000) / 10_000)
}

function entriesByCode({ causes }: FindingTally): Map<string, number> {
  return new Map(causes.map(({ code, entries }) => [code, entries]))
}

function entriesByRow({ rows }: FindingTally): Map<string, number> {
  return new Map(rows.map(({ code, field, entries }) => [`${code} ${field}`, entries]))
}
