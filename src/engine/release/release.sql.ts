import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { countCodes, decodeReport, encodeReport } from '../../domain/report.ts'
import { BATCH, KNOWN, STAGE } from '../../domain/states.ts'
import { sql } from '../../io/postgres/sql.ts'
import { withoutLines } from './release.ts'

export type HeldChunk = { id: ChunkId; platform: string; dataset: string; version: string; held: number }

/**
 * Locks the chunks of a batch that hold something back, in the order of lines; the batch itself is locked later, as by the
 * runner. A second release waits here and then finds nothing held.
 */
export async function lockHeldChunks(tx: PoolClient, batch: BatchId): Promise<HeldChunk[]> {
  const { rows } = await tx.query<HeldChunk>(sql`
    select c.id, c.platform, b.dataset, coalesce(c.dataset_version, b.dataset_version) as version, c.held
    from chunk c join batch b on b.id = c.batch
    where c.batch = ${batch} and c.held > 0 and c.state = any(${KNOWN})
    order by c.first_line for update of c`)
  return rows
}

export async function readHeldLines(tx: PoolClient, chunk: ChunkId): Promise<number[]> {
  const { rows } = await tx.query<{ line: number }>(sql`
    select line from entry where chunk = ${chunk} and outcome = 'held'`)
  return rows.map(({ line }) => line)
}

/** Deletes held lines from the ledger; the link stage writes them again, with their new outcome. */
export async function unenterLines(tx: PoolClient, chunk: ChunkId): Promise<void> {
  await tx.query(sql`delete from entry where chunk = ${chunk} and outcome = 'held'`)
}

/** Leaves a chunk without its held entries; it begins at the first line that it still has. */
export async function shrinkChunk(
  tx: PoolClient,
  chunk: ChunkId,
  rest: { firstLine: number; entries: number; raw: Buffer },
): Promise<void> {
  await tx.query(sql`
    update chunk set first_line = ${rest.firstLine}, entries = ${rest.entries}, held = 0, raw = ${rest.raw}
    where id = ${chunk}`)
}

/** Deletes a chunk of which everything was held, with its findings. */
export async function deleteChunk(tx: PoolClient, chunk: ChunkId): Promise<void> {
  await tx.query(sql`delete from chunk where id = ${chunk}`)
}

/** Takes the findings of some lines out of a chunk's reports; the new chunk of these lines makes its own. */
export async function forgetFindings(tx: PoolClient, chunk: ChunkId, lines: ReadonlySet<number>): Promise<void> {
  const { rows } = await tx.query<{ stage: string; findings: Buffer }>(sql`
    select stage, findings from report where chunk = ${chunk}`)
  for (const { stage, findings } of rows) {
    const rest = withoutLines(decodeReport(findings), lines)
    await tx.query(sql`
      update report set findings = ${encodeReport(rest)}, counts = ${JSON.stringify(countCodes(rest))}
      where chunk = ${chunk} and stage = ${stage}`)
  }
}

/** Stores released entries as a chunk of their batch that starts over. */
export async function insertReleased(
  tx: PoolClient,
  chunk: {
    id: ChunkId
    batch: BatchId
    platform: string
    version: string
    firstLine: number
    entries: number
    raw: Buffer
  },
): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, raw, dataset_version, released)
    values (${chunk.id}, ${chunk.batch}, ${chunk.platform}, ${chunk.firstLine}, ${chunk.entries}, ${STAGE.clean.from},
      ${chunk.raw}, ${chunk.version}, true)`)
}

/** Makes a batch `received` again, since some of its entries start over; one that was aborted is so no more. */
export async function reopenBatch(tx: PoolClient, batch: BatchId): Promise<void> {
  await tx.query(
    sql`update batch set state = ${BATCH.received}, settled_at = null, aborted_at = null where id = ${batch} and state <> ${BATCH.receiving}`,
  )
}
