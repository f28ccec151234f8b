import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { countCodes, decodeReport, type EntryFinding, encodeReport } from '../../domain/report.ts'
import { BATCH, type BatchKind, firstStateOf, KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { withoutLines } from './release.ts'

export type HeldChunk = {
  id: ChunkId
  kind: BatchKind
  platform: string
  dataset: string
  version: string
  held: number
  isReleased: boolean
}

/**
 * Locks the chunks of a batch that hold something back, in the order of lines; the batch itself is locked later, as by the
 * runner. A second release waits here and then finds nothing held.
 */
export async function lockHeldChunks(tx: PoolClient, batch: BatchId): Promise<HeldChunk[]> {
  const { rows } = await tx.query<HeldChunk>(sql`
    select c.id, b.kind, c.platform, b.dataset, coalesce(c.dataset_version, b.dataset_version) as version, c.held,
      c.released as "isReleased"
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
export async function unenterLines(tx: PoolClient, chunk: ChunkId, lines: ReadonlySet<number>): Promise<void> {
  await tx.query(sql`
    delete from entry where chunk = ${chunk} and outcome = 'held' and line = any(${[...lines]}::integer[])`)
}

/** What all stages found in a chunk. */
export async function readFindings(tx: PoolClient, chunk: ChunkId): Promise<EntryFinding[]> {
  const { rows } = await tx.query<{ findings: Buffer }>(sql`select findings from report where chunk = ${chunk}`)
  return rows.flatMap(({ findings }) => decodeReport(findings))
}

/** Lets a held chunk of a withdrawal start over as it is: it holds one line, and what that takes away is in a table of its own. */
export async function restartHeld(tx: PoolClient, { id, kind }: HeldChunk): Promise<void> {
  await tx.query(sql`delete from entry where chunk = ${id} and outcome = 'held'`)
  await tx.query(sql`delete from report where chunk = ${id}`)
  await tx.query(sql`
    update chunk
    set state = ${firstStateOf(kind)}, held = 0, attempts = 0, due_at = now(), settled_at = null
    where id = ${id}`)
}

/** Leaves a chunk without its released entries; it begins at the first line that it still has. */
export async function shrinkChunk(
  tx: PoolClient,
  chunk: ChunkId,
  rest: { firstLine: number; entries: number; held: number; raw: Buffer },
): Promise<void> {
  await tx.query(sql`
    update chunk set first_line = ${rest.firstLine}, entries = ${rest.entries}, held = ${rest.held}, raw = ${rest.raw}
    where id = ${chunk}`)
}

/** Deletes a chunk of which everything was released, with its findings. */
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
    kind: BatchKind
    platform: string
    version: string
    firstLine: number
    entries: number
    raw: Buffer
    isReleased: boolean
  },
): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, raw, dataset_version, released)
    values (${chunk.id}, ${chunk.batch}, ${chunk.platform}, ${chunk.firstLine}, ${chunk.entries}, ${firstStateOf(chunk.kind)},
      ${chunk.raw}, ${chunk.version}, ${chunk.isReleased})`)
}

/** What is written down of a release; the reason is sealed. */
export type ReleaseNote = { actor: string; codes: readonly string[] | null; reason: string | null; released: number }

/** Writes down a release, beside the entries that start over. */
export async function noteRelease(tx: PoolClient, batch: BatchId, note: ReleaseNote): Promise<void> {
  await tx.query(sql`
    insert into release (batch, actor, codes, reason, released)
    values (${batch}, ${note.actor}, ${note.codes}, ${note.reason}, ${note.released})`)
}

/** The latest releases of a batch, the newest first. */
export async function selectReleases(db: Db, batch: string, most: number): Promise<(ReleaseNote & { at: Date })[]> {
  const { rows } = await db.query<ReleaseNote & { at: Date }>(sql`
    select at, actor, codes, reason, released from release where batch = ${batch} order by at desc limit ${most}`)
  return rows
}

/** Makes a batch `received` again, since some of its entries start over; one that was aborted is so no more. */
export async function reopenBatch(tx: PoolClient, batch: BatchId): Promise<void> {
  await tx.query(
    sql`update batch set state = ${BATCH.received}, settled_at = null, aborted_at = null where id = ${batch} and state <> ${BATCH.receiving}`,
  )
}
