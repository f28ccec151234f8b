import type { ClientBase } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { countCodes, decodeReport, type EntryFinding, encodeReport } from '../domain/report.ts'
import type { StageName } from '../domain/states.ts'
import { sql } from '../io/postgres/sql.ts'

/** Writes what a stage found in a chunk (`encodeReport`) and how often; it replaces what the stage found before. */
export async function saveReport(
  tx: ClientBase,
  chunk: ChunkId,
  stage: StageName,
  findings: Buffer,
  counts: Record<string, number>,
): Promise<void> {
  await tx.query(sql`
    insert into report (chunk, stage, findings, counts)
    values (${chunk}, ${stage}, ${findings}, ${JSON.stringify(counts)})
    on conflict (chunk, stage) do update set findings = excluded.findings, counts = excluded.counts`)
}

/** Adds a finding to what a stage found in a chunk; the caller holds the chunk's row. */
export async function addToReport(
  tx: ClientBase,
  chunk: ChunkId,
  stage: StageName,
  finding: EntryFinding,
): Promise<void> {
  const { rows } = await tx.query<{ findings: Buffer }>(sql`
    select findings from report where chunk = ${chunk} and stage = ${stage}`)
  const before = rows[0] === undefined ? [] : decodeReport(rows[0].findings)
  const found = [...before, finding].sort((a, b) => a.line - b.line)
  await saveReport(tx, chunk, stage, encodeReport(found), countCodes(found))
}
