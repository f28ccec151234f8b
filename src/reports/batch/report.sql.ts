import type { BatchId, ChunkId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'

/** The push of the same platform and dataset that was received before a batch; undefined for the first, and for what is no push. */
export async function findBatchBefore(db: Db, batch: string): Promise<BatchId | undefined> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select b.id from batch this join batch b
      on b.platform = this.platform and b.dataset = this.dataset and b.kind = this.kind
      and b.receipt_order < this.receipt_order and b.aborted_at is null
    where this.id = ${batch} and this.kind = 'push'
    order by b.receipt_order desc limit 1`)
  return rows[0]?.id
}

/** A chunk and the version of the dataset that its entries were cut for. */
export type PlacedChunk = { id: ChunkId; platform: string; dataset: string; version: string; firstLine: number }

/** The chunks in which these lines of a batch may lie: of each line the one that begins last before it. */
export async function findChunksOfLines(db: Db, batch: string, lines: readonly number[]): Promise<PlacedChunk[]> {
  if (lines.length === 0) return []
  const { rows } = await db.query<PlacedChunk>(
    gatheredFirst(
      sql`
    select distinct c.id, c.platform, b.dataset, coalesce(c.dataset_version, b.dataset_version) as version,
      c.first_line as "firstLine"
    from unnest(${[...lines]}::integer[]) as given(line)
    join entry e on e.batch = ${batch} and e.line = given.line
    join chunk c on c.id = e.chunk join batch b on b.id = c.batch`,
      { entry: `select batch, line, chunk from public.entry where batch = $2 and line = any($1::integer[])` },
    ),
  )
  return rows
}
