import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import { sql } from '../io/postgres/sql.ts'

/** The platform of the batches that Titian makes for itself; no regional system has this name. */
export const OWN_PLATFORM = 'titian'
/** The authority under which Titian corrects what it merged. */
const OWN_AGREEMENT = 'titian'
/** What the API calls the dataset of such a batch. */
export const OWN_DATASETS = { decision: 'link-decision', relink: 'link-again' } as const

/** A batch of Titian's own; `about` is what it is about, if that is one thing: the id of a review, or of a person. */
export type OwnBatch = { id: BatchId; kind: keyof typeof OWN_DATASETS; about?: string }

/** Opens a batch of Titian's own, to be filled and closed in the same transaction. */
export async function openOwnBatch(tx: PoolClient, { id, kind, about }: OwnBatch): Promise<void> {
  await tx.query(sql`
    insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key)
    values (${id}, ${OWN_PLATFORM}, ${OWN_DATASETS[kind]}, '1', ${OWN_AGREEMENT}, ${about ? `${about}/${id}` : id})`)
}

/** Adds a chunk that is ready to be linked; a decision has no entries to read, so nothing cleaned. */
export async function addOwnChunk(
  tx: PoolClient,
  chunk: { id: ChunkId; batch: BatchId; firstLine: number; entries: number; cleaned: Buffer | null },
): Promise<void> {
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, cleaned)
    values (${chunk.id}, ${chunk.batch}, ${OWN_PLATFORM}, ${chunk.firstLine}, ${chunk.entries}, 'clean', ${chunk.cleaned})`)
}

/** Makes the batch received, with its place in the order of receipt; one without entries is settled at once. */
export async function closeOwnBatch(tx: PoolClient, { id, about = id }: OwnBatch, received: number): Promise<void> {
  await tx.query(sql`
    update batch
    set state = ${received === 0 ? 'settled' : 'received'}, receipt_order = nextval('batch_order'), received = ${received},
      payload_sha256 = sha256(convert_to(${about}, 'UTF8')), received_at = now()
    where id = ${id}`)
}
