import type { ClientBase } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
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
