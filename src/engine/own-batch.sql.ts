import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import { BATCH, type BatchKind, CHUNK, firstStateOf } from '../domain/states.ts'
import { activeTrace } from '../io/observe/trace.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { insertEntries } from './chunks/ledger.sql.ts'

/** The platform of the batches that Titian makes for itself; no regional system has this name. */
export const OWN_PLATFORM = 'titian'
/** The authority under which Titian corrects what it merged. */
const OWN_AGREEMENT = 'titian'
/** What the API calls the dataset of such a batch; nothing decides by it. */
const OWN_DATASETS: Record<OwnBatch['kind'], string> = {
  decision: 'link-decision',
  relink: 'link-again',
  restriction: 'restriction',
}

/** A batch of Titian's own; `about` is what it is about, if that is one thing: the id of a review, or of a person. */
export type OwnBatch = { id: BatchId; kind: Exclude<BatchKind, 'push' | 'results' | 'withdrawal'>; about?: string }

/** Opens a batch of Titian's own, to be filled and closed in the same transaction. */
export async function openOwnBatch(tx: PoolClient, { id, kind, about }: OwnBatch): Promise<void> {
  await tx.query(sql`
    insert into batch (id, kind, platform, dataset, dataset_version, agreement, idempotency_key, trace)
    values (${id}, ${kind}, ${OWN_PLATFORM}, ${OWN_DATASETS[kind]}, '1', ${OWN_AGREEMENT}, ${about ? `${about}/${id}` : id}, ${activeTrace()})`)
}

/** Adds a chunk that is ready for the first stage of its kind; a decision has no entries to read, so nothing cleaned. */
export async function addOwnChunk(
  tx: PoolClient,
  { id: batch, kind }: OwnBatch,
  chunk: { id: ChunkId; firstLine: number; entries: number; cleaned: Buffer | null },
): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, cleaned)
    values (${chunk.id}, ${batch}, ${OWN_PLATFORM}, ${chunk.firstLine}, ${chunk.entries}, ${firstStateOf(kind)},
      ${chunk.cleaned})`)
}

/** Adds a chunk of one entry whose delivery is composed in the same transaction: nothing is left to do but to send it. */
export async function addToldChunk(tx: PoolClient, { id: batch }: OwnBatch, chunk: ChunkId): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, updated)
    values (${chunk}, ${batch}, ${OWN_PLATFORM}, 1, 1, ${CHUNK.linked}, 1)`)
  await insertEntries(tx, batch, chunk, [{ line: 1, key: null, outcome: 'updated' }])
}

/** Makes the batch received, with its place in the order of receipt; one without entries is settled at once. */
export async function closeOwnBatch(tx: PoolClient, { id, about = id }: OwnBatch, received: number): Promise<void> {
  await tx.query(sql`
    update batch
    set state = ${received === 0 ? BATCH.settled : BATCH.received}, receipt_order = nextval('batch_order'), received = ${received},
      payload_sha256 = sha256(convert_to(${about}, 'UTF8')), received_at = now()
    where id = ${id}`)
}

/** The batch of a kind about everything that is not settled yet, with its entries; who asks at the same time waits, so that one at most is opened. */
export async function findOpenBatch(
  tx: PoolClient,
  kind: OwnBatch['kind'],
): Promise<{ batch: BatchId; records: number } | undefined> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`titian own batch ${kind}`}))`)
  const { rows } = await tx.query<{ batch: BatchId; records: number }>(sql`
    select id as batch, received as records from batch
    where platform = ${OWN_PLATFORM} and kind = ${kind} and idempotency_key = id and state <> ${BATCH.settled} and settled_at is null
    order by created_at limit 1`)
  return rows[0]
}

/** Whether a batch of a kind is not settled yet. */
export async function isOwnBatchOpen(db: Db, kind: OwnBatch['kind']): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`
    select exists (select from batch where kind = ${kind} and state <> ${BATCH.settled}) as any`)
  return rows[0]?.any ?? false
}
