import type { PoolClient } from 'pg'
import type { BatchId, ChunkId, DeliveryId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { aad, type Vault } from '../trust/keys/vault.ts'
import { encodeChanges } from './changes/encode.ts'
import type { Composed } from './compose.ts'
import type { Manifest } from './manifest.ts'

/** A delivery without its bytes. */
export type Delivery = {
  id: DeliveryId
  chunk: ChunkId
  batch: BatchId
  platform: string
  state: 'composed' | 'acknowledged'
  manifest: Manifest
  attempts: number
  acknowledgedAt: Date | null
}

/** Stores a delivery, its bytes sealed, in the transaction that makes its chunk `linked`. */
export async function insertDelivery(
  tx: PoolClient,
  vault: Pick<Vault, 'seal'>,
  chunk: ChunkId,
  { bytes, digest, manifest, changes, touched }: Composed,
): Promise<void> {
  const { delivery, batch, platform, records, entries, composed_at } = manifest
  const payload = vault.seal(bytes, payloadPlace(platform, delivery))
  await tx.query(sql`
    insert into delivery (id, chunk, batch, platform, records, entries, bytes, digest, manifest, payload, composed_at,
      changes, regions, subjects, composed_order)
    values (${delivery}, ${chunk}, ${batch}, ${platform}, ${records.keluarga + records.individu}, ${entries},
      ${bytes.length}, ${digest}, ${JSON.stringify(manifest)}::jsonb || jsonb_build_object('feed', (select epoch from feed)),
      ${payload}, ${composed_at}, ${encodeChanges(changes)}, ${touched.regions}::text[], ${touched.subjects}, nextval('delivery_composed'))`)
}

/** The bytes of a delivery as they were composed; undefined when they are gone or there is no such delivery. */
export async function openPayload(
  db: Db,
  vault: Pick<Vault, 'open'>,
  { id, platform }: Pick<Delivery, 'id' | 'platform'>,
): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ payload: Buffer | null }>(sql`select payload from delivery where id = ${id}`)
  const sealed = rows[0]?.payload
  return sealed ? vault.open(sealed, payloadPlace(platform, id)) : undefined
}

/** The delivery that a linked chunk became; undefined before it is linked. */
export async function deliveryOfChunk(db: Db, chunk: ChunkId): Promise<Delivery | undefined> {
  const { rows } = await db.query<Delivery>(sql`
    select id, chunk, batch, platform, state, manifest, attempts, acknowledged_at as "acknowledgedAt"
    from delivery where chunk = ${chunk}`)
  return rows[0]
}

/** A delivery that has its place in the feed; what has none was never shown to anybody. */
export async function deliveryInFeed(db: Db, id: string): Promise<Delivery | undefined> {
  const { rows } = await db.query<Delivery>(sql`
    select id, chunk, batch, platform, state, manifest, attempts, acknowledged_at as "acknowledgedAt"
    from delivery where id = ${id} and position is not null`)
  return rows[0]
}

/** The last position ever given; '0' when none was. */
export async function lastPosition(db: Db): Promise<string> {
  const { rows } = await db.query<{ last: string | null }>(sql`
    select pg_sequence_last_value('delivery_position') as last`)
  return rows[0]?.last ?? '0'
}

/** Counts an attempt before it is made, so that even one cut off by a crash is remembered; gives the new count. */
export async function countAttempt(db: Db, id: DeliveryId): Promise<number> {
  const { rows } = await db.query<{ attempts: number }>(sql`
    update delivery set attempts = attempts + 1, sent_at = coalesce(sent_at, now()) where id = ${id} returning attempts`)
  return rows[0]?.attempts ?? 0
}

/** Remembers what the receiver said to a delivery that it has not taken. */
export async function noteAnswer(db: Db, id: DeliveryId, answer: string): Promise<void> {
  await db.query(sql`update delivery set last_answer = ${answer}, tried_at = now() where id = ${id}`)
}

function payloadPlace(platform: string, delivery: string): string {
  return aad(platform, 'delivery', delivery, 'payload')
}
