import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { decodeReport, type EntryFinding } from '../../domain/report.ts'
import { KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A chunk that holds entries back. */
export type HoldingChunk = { id: ChunkId; batch: BatchId; platform: string; dataset: string; receivedAt: Date }
export type HeldLine = { chunk: ChunkId; line: number; isCorrected: boolean }

/** Chunks that hold entries back, of a platform and a dataset or of all, the longest waiting first. */
export async function selectHoldingChunks(
  db: Db,
  { platform, dataset }: { platform: string | null; dataset: string | null },
  limit: number,
): Promise<HoldingChunk[]> {
  const { rows } = await db.query<HoldingChunk>(sql`
    select c.id, c.batch, c.platform, b.dataset, b.received_at as "receivedAt"
    from chunk c join batch b on b.id = c.batch
    where c.held > 0 and c.state = any(${KNOWN}) and (${platform}::text is null or c.platform = ${platform})
      and (${dataset}::text is null or b.dataset = ${dataset})
    order by b.receipt_order, c.first_line limit ${limit}`)
  return rows
}

/** The held lines of chunks, and whether a later batch corrected them. */
export async function selectHeldLines(db: Db, chunks: readonly ChunkId[]): Promise<HeldLine[]> {
  const { rows } = await db.query<HeldLine>(sql`
    select chunk, line, corrected_by is not null as "isCorrected" from entry
    where chunk = any(${chunks}::text[]) and outcome = 'held'`)
  return rows
}

/** What holds entries of chunks: their findings of that severity. */
export async function selectHolds(db: Db, chunks: readonly ChunkId[]): Promise<(EntryFinding & { chunk: ChunkId })[]> {
  const { rows } = await db.query<{ chunk: ChunkId; findings: Buffer }>(sql`
    select chunk, findings from report where chunk = any(${chunks}::text[])`)
  return rows.flatMap(({ chunk, findings }) =>
    decodeReport(findings)
      .filter(({ severity }) => severity === 'hold')
      .map((finding) => ({ ...finding, chunk })),
  )
}
