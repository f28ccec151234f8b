import type { Pool, PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import { BATCH, type BatchKind, type BatchMode, type BatchState, CHUNK, firstStateOf } from '../domain/states.ts'
import { activeTrace } from '../io/observe/trace.ts'
import { sql } from '../io/postgres/sql.ts'
import type { FileForm } from './file-form.ts'

export type NewBatch = {
  id: BatchId
  kind: BatchKind
  platform: string
  dataset: string
  datasetVersion: string
  agreement: string
  key: string
  /** It states the whole of the dataset: what is absent is withdrawn. */
  isSnapshot?: boolean
  /** `partial` when not given. */
  mode?: BatchMode
}

export type KeyHolder = {
  id: BatchId
  dataset: string
  state: BatchState
  silent: boolean
  payload_sha256: Buffer | null
  isSnapshot: boolean
  mode: BatchMode
}

/** Reserves a key by a `receiving` batch; false when the key is taken, or the platform has too many open batches or uploads. */
export async function reserveBatch(db: Pool, batch: NewBatch, open: number, uploads: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into batch (id, kind, platform, dataset, dataset_version, agreement, idempotency_key, snapshot, mode, trace)
    select ${batch.id}, ${batch.kind}, ${batch.platform}, ${batch.dataset}, ${batch.datasetVersion}, ${batch.agreement},
      ${batch.key}, ${batch.isSnapshot ? 'open' : null}, ${batch.mode ?? 'partial'}, ${activeTrace()}
    from (
      select count(*) as open, count(*) filter (where state = ${BATCH.receiving} and (submission is null or writer is not null) and touched_at between now() - interval '1 minute' and now() + interval '1 minute') as uploads
      from batch
      where platform = ${batch.platform} and state <> ${BATCH.settled} and settled_at is null and kind <> 'withdrawal') as now
    where now.open < ${open} and now.uploads < ${uploads}
    on conflict (platform, idempotency_key) do nothing`)
  return rowCount === 1
}

/** The batch that holds a platform's key; `silent` when its upload has not been heard of for so many seconds. */
export async function findKeyHolder(
  db: Pool,
  platform: string,
  key: string,
  seconds: number,
): Promise<KeyHolder | undefined> {
  const { rows } = await db.query<KeyHolder>(sql`
    select id, dataset, state, payload_sha256, snapshot is not null as "isSnapshot", mode,
      state = ${BATCH.receiving} and touched_at not between now() - make_interval(secs => ${seconds}) and now() + make_interval(secs => ${seconds}) as silent
    from batch where platform = ${platform} and idempotency_key = ${key}`)
  return rows[0]
}

/** Says that an upload is alive. */
export async function touchBatch(db: Pool, batch: BatchId): Promise<void> {
  await db.query(sql`
    update batch set touched_at = now() where id = ${batch} and state = ${BATCH.receiving}`)
}

/** Stores a chunk of an upload, sealed; false when the upload was discarded meanwhile. */
export async function storeRawChunk(
  db: Pool,
  chunk: { id: ChunkId; batch: BatchId; firstLine: number; entries: number; raw: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    with alive as (
      update batch set touched_at = now() where id = ${chunk.batch} and state = ${BATCH.receiving}
      returning id, platform)
    insert into chunk (id, batch, platform, first_line, entries, raw)
    select ${chunk.id}, alive.id, alive.platform, ${chunk.firstLine}, ${chunk.entries}, ${chunk.raw} from alive`)
  return rowCount === 1
}

/** Makes a whole upload `received`, with its place in the order of receipt; false when it was discarded meanwhile. */
export async function markReceived(
  tx: PoolClient,
  batch: { id: BatchId; received: number; bytes: number; sha256: Buffer; form?: FileForm | undefined },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update batch
    set state = ${BATCH.received}, receipt_order = nextval('batch_order'), received = ${batch.received},
      payload_bytes = ${batch.bytes}, payload_sha256 = ${batch.sha256}, received_at = now(), touched_at = now(),
      form = ${batch.form === undefined ? null : JSON.stringify(batch.form)}
    where id = ${batch.id} and state = ${BATCH.receiving}`)
  return rowCount === 1
}

/** Hands the chunks of a received batch to its first stage: due at once. */
export async function makeChunksDue(tx: PoolClient, batch: BatchId, kind: BatchKind): Promise<void> {
  await tx.query(sql`
    update chunk set state = ${firstStateOf(kind)}, due_at = now() where batch = ${batch} and state = ${CHUNK.receiving}`)
}

/** Removes an upload that broke off, with its chunks; its key is free again. A received batch stays. */
export async function discardUpload(db: Pool, batch: BatchId): Promise<void> {
  await db.query(sql`delete from batch where id = ${batch} and state = ${BATCH.receiving}`)
}

/** Removes an upload only if it still is silent; true when it was removed. */
export async function discardSilent(db: Pool, batch: BatchId, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    delete from batch
    where id = ${batch} and state = ${BATCH.receiving}
      and touched_at not between now() - make_interval(secs => ${seconds}) and now() + make_interval(secs => ${seconds})`)
  return rowCount === 1
}
