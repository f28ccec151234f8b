import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { BATCH, firstStateOf } from '../../domain/states.ts'
import { activeTrace } from '../../io/observe/trace.ts'
import { sql } from '../../io/postgres/sql.ts'

/** Records that one chunk of a withdrawal takes away: fewer than a push's, for all of its work is done under the lock. */
const ENTRIES_OF_A_CHUNK = 500

/** A batch that takes records of one dataset of a platform away. */
export type WithdrawalBatch = { id: BatchId; platform: string; dataset: string }

/** Opens a withdrawal under the agreement that the dataset was last pushed under; to be closed in the same transaction. */
export async function openWithdrawalBatch(tx: PoolClient, { id, platform, dataset }: WithdrawalBatch): Promise<void> {
  await tx.query(sql`
    insert into batch (id, kind, platform, dataset, dataset_version, agreement, idempotency_key, trace)
    select ${id}, 'withdrawal', platform, dataset, dataset_version, agreement, ${`withdrawal/${id}`}, ${activeTrace()}
    from batch where platform = ${platform} and dataset = ${dataset} and kind = 'push'
    order by receipt_order desc nulls last limit 1`)
}

/**
 * Makes a withdrawal received, with chunks for so many entries, and gives its place in the order of receipt. `asOf` is the place
 * after which whatever is received stays; without it, the withdrawal's own.
 */
export async function closeWithdrawalBatch(
  tx: PoolClient,
  { id, platform }: WithdrawalBatch,
  { entries, asOf, newChunk }: { entries: number; asOf?: string; newChunk: () => ChunkId },
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(entries / ENTRIES_OF_A_CHUNK) }, newChunk)
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state)
    select c.id, ${id}, ${platform}, (c.at - 1) * ${ENTRIES_OF_A_CHUNK}::integer + 1,
      least(${ENTRIES_OF_A_CHUNK}::integer, ${entries}::integer - (c.at - 1) * ${ENTRIES_OF_A_CHUNK}::integer),
      ${firstStateOf('withdrawal')}
    from unnest(${chunks}::text[]) with ordinality as c(id, at)`)
  await tx.query(sql`
    update batch
    set state = ${entries === 0 ? BATCH.settled : BATCH.received}, receipt_order = own.place,
      as_of = coalesce(${asOf ?? null}::bigint, own.place), received = ${entries},
      payload_sha256 = sha256(convert_to(${id}, 'UTF8')), received_at = now(),
      settled_at = case when ${entries}::integer = 0 then clock_timestamp() end
    from (select nextval('batch_order') as place) own
    where id = ${id}`)
}

/** After which place in the order of receipt a withdrawal leaves alone what was received. */
export async function readAsOf(tx: PoolClient, id: BatchId): Promise<string> {
  const { rows } = await tx.query<{ asOf: string }>(sql`select as_of as "asOf" from batch where id = ${id}`)
  return rows[0]?.asOf ?? '0'
}
