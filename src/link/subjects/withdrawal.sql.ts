import type { PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import type { WithdrawalReason } from '../../domain/withdrawal.ts'
import { copyRows } from '../../io/postgres/copy.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'
import type { Index } from './subject.ts'

/** A wish to withdraw, as it was asked for. */
export type Withdrawal = {
  batch: BatchId
  platform: string
  dataset: string
  reason: WithdrawalReason
  /** The batch that is withdrawn, or the snapshot that records are absent from. */
  about: BatchId | null
  /** Index of the key of the one record that was named. */
  named: Index | null
  requestedBy: string
}

/** What one line of a withdrawal takes away: a record, or all records that came under an entry's key. */
export type WithdrawalTarget = { line: number; entry: Index | null; record: Index | null; isWhole: boolean }

export async function insertWithdrawal(tx: PoolClient, wish: Withdrawal): Promise<void> {
  await tx.query(sql`
    insert into withdrawal (batch, platform, dataset, reason, about, named, requested_by)
    values (${wish.batch}, ${wish.platform}, ${wish.dataset}, ${wish.reason}, ${wish.about},
      decode(${wish.named}, 'hex'), ${wish.requestedBy})`)
}

/** A withdrawal by its batch. */
export async function readWithdrawal(
  db: Db,
  batch: BatchId,
): Promise<(Pick<Withdrawal, 'batch' | 'reason' | 'about'> & { requestedAt: Date }) | undefined> {
  const { rows } = await db.query<Pick<Withdrawal, 'batch' | 'reason' | 'about'> & { requestedAt: Date }>(sql`
    select batch, reason, about, requested_at as "requestedAt" from withdrawal where batch = ${batch}`)
  return rows[0]
}

/** The latest withdrawal of the one record, or of the batch; who asks at the same time waits, so that one at most is opened. */
export async function lockWithdrawals(
  tx: PoolClient,
  of: { named: Index } | { about: BatchId },
): Promise<BatchId | undefined> {
  const [named, about] = 'named' in of ? [of.named, null] : [null, of.about]
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian withdrawal'), hashtext(${named ?? about}))`)
  const { rows } = await tx.query<{ batch: BatchId }>(sql`
    select batch from withdrawal where named = decode(${named}, 'hex') or about = ${about}
    order by requested_at desc, batch desc limit 1`)
  return rows[0]?.batch
}

export async function insertTargets(
  tx: PoolClient,
  batch: BatchId,
  asOf: string,
  targets: readonly WithdrawalTarget[],
): Promise<void> {
  if (targets.length === 0) return
  await tx.query(sql`
    insert into withdrawal_target (batch, line, entry_index, record_index, whole, as_of)
    select ${batch}, t.line, decode(t.entry, 'hex'), decode(t.record, 'hex'), t.whole = 1, ${asOf}
    from unnest(${targets.map(({ line }) => line)}::integer[], ${targets.map(({ entry }) => entry)}::text[],
      ${targets.map(({ record }) => record)}::text[], ${targets.map(({ isWhole }) => (isWhole ? 1 : 0))}::integer[])
      as t(line, entry, record, whole)`)
}

/** Names the records whose latest state came in a batch, a line for each of its entries; says how many lines there are. */
export async function targetBatch(
  tx: PoolClient,
  withdrawal: BatchId,
  { batch, asOf }: { batch: BatchId; asOf: string },
): Promise<number> {
  const { rows } = await tx.query<{ lines: number }>(sql`
    with named as (
      insert into withdrawal_target (batch, line, record_index, as_of)
      select ${withdrawal}, dense_rank() over (order by line), key_index, ${asOf}
      from source_record where batch = ${batch}
      returning line)
    select coalesce(max(line), 0)::integer as lines from named`)
  return rows[0]?.lines ?? 0
}

/** Names the records of a dataset that a snapshot does not hold, a line for each entry that brought some; says how many lines there are. */
export async function targetAbsent(
  tx: PoolClient,
  withdrawal: BatchId,
  { snapshot, asOf, platform, dataset, batches }: AbsentFrom,
): Promise<number> {
  const { rows } = await tx.query<{ lines: number }>(
    gatheredFirst(
      sql`
    with named as (
      insert into withdrawal_target (batch, line, record_index, as_of)
      select ${withdrawal}, dense_rank() over (order by r.batch, r.line), r.key_index, ${asOf}
      from source_record r
      where r.batch = any(${batches}::text[]) and r.platform = ${platform} and r.dataset = ${dataset}
        and r.receipt_order <= ${asOf}
        and not exists (select from snapshot_key k where k.batch = ${snapshot} and k.record_index = r.key_index)
      returning line)
    select coalesce(max(line), 0)::integer as lines from named`,
      {
        source_record: `select key_index, batch, line, platform, dataset, receipt_order from public.source_record
      where batch = any($3::text[]) and platform = $4 and dataset = $5`,
      },
    ),
  )
  return rows[0]?.lines ?? 0
}

/** What is looked at for a snapshot: the pushes of its dataset that were received up to it, `asOf` its place in that order. */
export type AbsentFrom = {
  snapshot: BatchId
  asOf: string
  platform: string
  dataset: string
  batches: readonly BatchId[]
}

/** How many records of the dataset there are, and how many of them a snapshot does not hold. */
export async function countAbsent(
  db: Db,
  { snapshot, asOf, platform, dataset, batches }: AbsentFrom,
): Promise<{ absent: number; standing: number }> {
  const { rows } = await db.query<{ absent: number; standing: number }>(
    gatheredFirst(
      sql`
    select count(*)::integer as standing, (count(*) filter (where not exists (
        select from snapshot_key k where k.batch = ${snapshot} and k.record_index = r.key_index)))::integer as absent
    from source_record r
    where r.batch = any(${batches}::text[]) and r.platform = ${platform} and r.dataset = ${dataset}
      and r.receipt_order <= ${asOf}`,
      {
        source_record: `select key_index, batch, platform, dataset, receipt_order from public.source_record
      where batch = any($2::text[]) and platform = $3 and dataset = $4`,
      },
    ),
  )
  return rows[0] ?? { absent: 0, standing: 0 }
}

/** Records of some batches after a place, of whole entries, with where each came from, and whether a withdrawal is about to take it away. */
export async function readRecordsAfter(
  db: Db,
  batches: readonly BatchId[],
  after: { batch: string; line: number },
  limit: number,
): Promise<{ key: Index; batch: BatchId; line: number; isLeaving: boolean }[]> {
  const { rows } = await db.query<{ key: Index; batch: BatchId; line: number; isLeaving: boolean }>(
    gatheredFirst(
      sql`
    select encode(r.key_index, 'hex') as key, r.batch, r.line, exists (
        select from withdrawal_target t where t.record_index = r.key_index and t.as_of >= r.receipt_order) as "isLeaving"
    from source_record r
    where r.batch = any(${batches}::text[]) and (r.batch, r.line) > (${after.batch}, ${after.line}::integer)
    order by r.batch, r.line fetch first (${limit}::integer) rows with ties`,
      {
        source_record: `select key_index, batch, line, receipt_order from public.source_record
      where batch = any($1::text[]) and (batch, line) > ($2, $3::integer) order by batch, line
      fetch first ($4::integer) rows with ties`,
      },
    ),
  )
  return rows
}

/** The targets of some lines of a withdrawal. */
export async function readTargets(
  tx: PoolClient,
  batch: BatchId,
  { firstLine, entries }: { firstLine: number; entries: number },
): Promise<WithdrawalTarget[]> {
  const { rows } = await tx.query<WithdrawalTarget>(sql`
    select line, encode(entry_index, 'hex') as entry, encode(record_index, 'hex') as record, whole as "isWhole"
    from withdrawal_target
    where batch = ${batch} and line between ${firstLine}::integer and ${firstLine}::integer + ${entries}::integer - 1
    order by line`)
  return rows
}

/** Those of these keys, of records or of entries, that a withdrawal took away as of a later place in the order of receipt. */
export async function lookUpWithdrawn(
  db: Db,
  receiptOrder: string,
  { records, entries }: { records: readonly Index[]; entries: readonly Index[] },
): Promise<Set<Index>> {
  const { rows } = await db.query<{ key: Index }>(sql`
    select given.key from unnest(${records}::text[]) as given(key)
    where exists (select from withdrawal_target t
      where t.record_index = decode(given.key, 'hex') and t.as_of > ${receiptOrder})
    union
    select given.key from unnest(${entries}::text[]) as given(key)
    where exists (select from withdrawal_target t
      where t.whole and t.entry_index = decode(given.key, 'hex') and t.as_of > ${receiptOrder})`)
  return new Set(rows.map(({ key }) => key))
}

/** Keeps the keys of records that a snapshot holds. */
export async function insertSnapshotKeys(tx: PoolClient, batch: BatchId, records: readonly Index[]): Promise<void> {
  await copyRows(
    tx,
    'snapshot_key',
    { batch: 'text', record_index: 'bytea' },
    Iterator.from(records).map((record) => [batch, record]),
  )
}

/** Forgets what a snapshot held, once it is known what it did not hold. */
export async function deleteSnapshotKeys(tx: PoolClient, batch: BatchId): Promise<void> {
  await tx.query(sql`delete from snapshot_key where batch = ${batch}`)
}

/** Whether any record's latest state came in a batch. */
export async function hasRecordsOf(db: Db, batch: BatchId): Promise<boolean> {
  const { rows } = await db.query<{ has: boolean }>(sql`
    select exists (select from source_record where batch = ${batch}) as has`)
  return rows[0]?.has ?? false
}
