import type { BatchId } from '../../domain/ids.ts'
import { BATCH, BEFORE_KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'
import type { ClaimedChunk } from '../stage.ts'

type Place = Pick<ClaimedChunk, 'platform' | 'dataset' | 'receiptOrder' | 'isSnapshot'>

/**
 * Whether a pushed chunk has to wait for what was received before it: for a withdrawal that is not linked yet, for a snapshot
 * whose absent records are not known yet, and if it is a snapshot's itself, for every push. So the order of receipt decides.
 */
export async function isWithdrawalAhead(
  db: Db,
  { platform, dataset, receiptOrder, isSnapshot }: Place,
): Promise<boolean> {
  const { rows } = await db.query<{ ahead: boolean }>(sql`
    select exists (
        select from batch b join chunk c on c.batch = b.id
        where b.platform = ${platform} and b.dataset = ${dataset} and b.state = ${BATCH.received}
          and c.state = any(${BEFORE_KNOWN})
          and case b.kind
            when 'withdrawal' then b.as_of < ${receiptOrder}
            when 'push' then ${isSnapshot}::boolean and b.receipt_order < ${receiptOrder}
            else false end)
      or exists (
        select from batch
        where platform = ${platform} and dataset = ${dataset} and snapshot is not null and snapshot = 'open'
          and receipt_order < ${receiptOrder}) as ahead`)
  return rows[0]?.ahead ?? false
}

/** What was received after a chunk and takes records away. */
export type LaterWithdrawals = {
  /** A withdrawal that does not leave alone what this chunk brings. */
  withdrawal: boolean
  /** A snapshot that was taken for the whole of the dataset: what it does not hold is gone. */
  snapshot: boolean
}

/** Whether a withdrawal, or a whole snapshot, of the dataset was received after a chunk. */
export async function readLaterWithdrawals(
  db: Db,
  { batch, platform, dataset, receiptOrder }: Place & Pick<ClaimedChunk, 'batch'>,
): Promise<LaterWithdrawals> {
  const { rows } = await db.query<LaterWithdrawals>(sql`
    select exists (select from batch
        where kind = 'withdrawal' and platform = ${platform} and dataset = ${dataset} and as_of > ${receiptOrder})
        as withdrawal,
      exists (select from batch
        where snapshot is not null and snapshot = 'withdrawn' and platform = ${platform} and dataset = ${dataset}
          and receipt_order > ${receiptOrder} and (replaces is null or ${batch} = any(replaces))) as snapshot`)
  return rows[0] ?? { withdrawal: false, snapshot: false }
}

/** Whether any push of the dataset is not linked yet. */
export async function isPushUnderWay(db: Db, platform: string, dataset: string): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(sql`
    select exists (
      select from batch b join chunk c on c.batch = b.id
      where b.platform = ${platform} and b.dataset = ${dataset} and b.kind = 'push' and b.state = ${BATCH.received}
        and c.state = any(${BEFORE_KNOWN})) as open`)
  return rows[0]?.open ?? false
}

/** Whether a push that was received after a batch brings this entry, or may: it is not linked yet. */
export async function isPushedSince(db: Db, batch: BatchId, entry: string): Promise<boolean> {
  const { rows } = await db.query<{ pushed: boolean }>(
    gatheredFirst(
      sql`
    select exists (
      select from batch w join batch b
        on b.platform = w.platform and b.dataset = w.dataset and b.kind = 'push' and b.receipt_order > w.receipt_order
      where w.id = ${batch} and (
        exists (select from chunk c where c.batch = b.id and c.state = any(${BEFORE_KNOWN}))
        or exists (select from entry e
          where e.batch = b.id and e.key_index = decode(${entry}, 'hex') and e.outcome in ('new', 'updated', 'unchanged'))))
      as pushed`,
      { entry: `select batch, key_index, outcome from public.entry where key_index = decode($3, 'hex')` },
    ),
  )
  return rows[0]?.pushed ?? false
}

/** Whether all outcomes of a batch are known. */
export async function isBatchKnown(db: Db, batch: BatchId): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(sql`
    select exists (select from chunk where batch = ${batch} and state = any(${BEFORE_KNOWN})) as open`)
  return rows[0]?.open === false
}

/** The batches of platforms that take records back and are not settled yet. */
export async function openWithdrawals(db: Db, platforms: readonly string[]): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(sql`
    select id from batch where platform = any(${platforms}) and kind = 'withdrawal' and state = ${BATCH.received}`)
  return rows.map(({ id }) => id)
}
