import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, type BatchMode } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A settled push as it would be worked again; `isAlone` is false for a file of a submission, which needs the others. */
export type ReplayedPush = {
  platform: string
  dataset: string
  mode: BatchMode
  bytes: number
  sha256: Buffer
  isAlone: boolean
}

/** A chunk of it; `isKept` is false where its source records are past retention. */
export type ReplayedChunk = { id: ChunkId; version: string; firstLine: number; isKept: boolean }

/** A push that is settled and was not aborted; undefined for anything else. */
export async function selectReplayed(db: Db, batch: string): Promise<ReplayedPush | undefined> {
  const { rows } = await db.query<ReplayedPush>(sql`
    select platform, dataset, mode, payload_bytes::float8 as bytes, payload_sha256 as sha256, submission is null as "isAlone"
    from batch where id = ${batch} and kind = 'push' and state = ${BATCH.settled} and aborted_at is null`)
  return rows[0]
}

/** Its chunks in the order of lines, but for those that somebody released by name: their word is not asked for again. */
export async function selectReplayedChunks(db: Db, batch: string): Promise<ReplayedChunk[]> {
  const { rows } = await db.query<ReplayedChunk>(sql`
    select c.id, coalesce(c.dataset_version, b.dataset_version) as version, c.first_line as "firstLine", c.raw is not null as "isKept"
    from chunk c join batch b on b.id = c.batch where c.batch = ${batch} and not c.released order by c.first_line`)
  return rows
}

/** Whether the platform pushed the dataset again after a batch; `but` is left out. */
export async function isOvertaken(db: Db, batch: string, but: BatchId | null): Promise<boolean> {
  const { rows } = await db.query<{ overtaken: boolean }>(sql`
    select exists (
      select from batch this join batch later on later.platform = this.platform and later.dataset = this.dataset
        and later.kind = 'push' and later.receipt_order > this.receipt_order and later.aborted_at is null
      where this.id = ${batch} and later.id is distinct from ${but}) as overtaken`)
  return rows[0]?.overtaken ?? false
}
