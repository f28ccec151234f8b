import type { BatchId, ChunkId } from '../domain/ids.ts'
import { decodeReport } from '../domain/report.ts'
import { type Outcome, STAGES, type StageName } from '../domain/states.ts'
import { openCleaned } from '../engine/chunks/sealed-chunk.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { StageReport } from './findings-page.ts'
import type { FindingCursor } from './paging.ts'

/** A report and the chunk it belongs to. */
export type ChunkReport = StageReport & { chunk: ChunkId }

/** The next reports of a batch at or after a cursor, in the order of chunks and stages. */
export async function readReports(db: Db, batch: BatchId, from: FindingCursor, limit: number): Promise<ChunkReport[]> {
  const { rows } = await db.query<{ chunk: ChunkId; first_line: number; stage: StageName; findings: Buffer }>(sql`
    select c.id as chunk, c.first_line, r.stage, r.findings
    from chunk c join report r on r.chunk = c.id
    where c.batch = ${batch}
      and (c.first_line, array_position(${STAGES}::text[], r.stage)) >= (${from.firstLine}::int, ${from.stage + 1}::int)
    order by c.first_line, array_position(${STAGES}::text[], r.stage)
    limit ${limit}`)
  return rows.map(({ chunk, first_line, stage, findings }) => ({
    chunk,
    firstLine: first_line,
    stage: STAGES.indexOf(stage),
    findings: decodeReport(findings),
  }))
}

/** What became of an entry, and the later batch that corrected it. */
export type EntryState = { line: number; outcome: Outcome; correctedBy: string | null }

/** What became of these lines of a batch, as far as it is known. */
export async function readEntryStates(
  db: Db,
  batch: string,
  lines: readonly number[],
): Promise<Map<number, EntryState>> {
  if (lines.length === 0) return new Map()
  const { rows } = await db.query<EntryState>(sql`
    select line, outcome, corrected_by as "correctedBy" from entry where batch = ${batch} and line = any(${[...lines]}::integer[])`)
  return new Map(rows.map((row) => [row.line, row]))
}

/** The lines of chunks whose entries have an outcome (if one is asked for), and are or are not corrected (if that is). */
export async function readLinesWith(
  db: Db,
  chunks: readonly ChunkId[],
  { outcome = null, isCorrected = null }: { outcome?: Outcome | null; isCorrected?: boolean | null },
): Promise<Set<number>> {
  const { rows } = await db.query<{ line: number }>(sql`
    select line from entry
    where chunk = any(${[...chunks]}::text[]) and (${outcome}::text is null or outcome = ${outcome})
      and (${isCorrected}::boolean is null or (corrected_by is not null) = ${isCorrected})`)
  return new Set(rows.map(({ line }) => line))
}

/** The platform's own keys by line, as far as the cleaned entries of these chunks are still kept. */
export async function readKeys(
  db: Db,
  vault: Pick<Vault, 'open'>,
  chunks: readonly ChunkId[],
): Promise<Map<number, string | null>> {
  const { rows } = await db.query<{ id: ChunkId; platform: string; cleaned: Buffer }>(sql`
    select id, platform, cleaned from chunk where id = any(${chunks}) and cleaned is not null`)
  const keys = new Map<number, string | null>()
  for (const { id, platform, cleaned } of rows) {
    for (const { line, key } of openCleaned(vault, { id, platform }, cleaned)) {
      keys.set(line, key)
    }
  }
  return keys
}
