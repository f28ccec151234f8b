import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { decodeReport, type EntryFinding } from '../../domain/report.ts'
import { KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A chunk that holds entries back. */
export type HoldingChunk = { id: ChunkId; batch: BatchId; platform: string; dataset: string; receivedAt: Date }
/** A held line, and what has become of it: `again` when a later batch brought its key and was refused or held as well. */
export type HeldLine = { chunk: ChunkId; line: number; is: 'open' | 'again' | 'corrected' }

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

/** The held lines of chunks. A later push that brings the key of a line well corrects it; any other later one that brings it makes it `again`. */
export async function selectHeldLines(db: Db, chunks: readonly ChunkId[]): Promise<HeldLine[]> {
  const { rows } = await db.query<HeldLine>(sql`
    with held as materialized (
      select chunk, batch, line, key_index, corrected_by from entry
      where chunk = any(${chunks}::text[]) and outcome = 'held'),
    came as materialized (
      select e.key_index, e.batch from entry e
      where e.key_index in (select key_index from held where corrected_by is null and key_index is not null)),
    latest as materialized (
      select c.key_index, max(b.receipt_order) as receipt_order
      from came c join batch b on b.id = c.batch where b.kind = 'push' group by c.key_index)
    select h.chunk, h.line,
      case when h.corrected_by is not null then 'corrected' when l.receipt_order > b.receipt_order then 'again'
        else 'open' end as "is"
    from held h join batch b on b.id = h.batch left join latest l on l.key_index = h.key_index`)
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
