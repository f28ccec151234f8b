import type { BatchId } from '../../domain/ids.ts'
import { BEFORE_KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'

/** Whether chunks of earlier lines of the batch have still to be linked. */
export async function areEarlierChunksOpen(db: Db, batch: BatchId, firstLine: number): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(sql`
    select exists (select 1 from chunk
      where batch = ${batch} and first_line < ${firstLine} and state = any(${BEFORE_KNOWN})) as open`)
  return rows[0]?.open ?? false
}

/** Entry keys that this batch has brought already, with their first line. */
export async function readSeen(
  db: Db,
  batch: BatchId,
  entries: readonly string[],
): Promise<{ key: string; line: number }[]> {
  if (entries.length === 0) return []
  const whole = sql`
    select encode(g.key, 'hex') as key, min(e.line) as line
    from (select substring(${packed(entries)}::bytea from at * 16 + 1 for 16) as key
      from generate_series(0, ${entries.length - 1}::integer) as at) g
    cross join lateral (
      select batch, line, outcome from entry where key_index = g.key offset 0) e
    where e.batch = ${batch} and e.outcome in ('new', 'updated', 'unchanged')
    group by g.key`
  const distributed = () => sql`
    select encode(key_index, 'hex') as key, min(line) as line from entry
    where batch = ${batch} and key_index = any(${bytes(entries)}::bytea[]) and outcome in ('new', 'updated', 'unchanged')
    group by key_index`
  const { rows } = await db.query<{ key: string; line: number }>(either(whole, distributed))
  return rows
}

/** Entry keys that a newer batch has confirmed or changed already. */
export async function readOvertaken(db: Db, receiptOrder: string, entries: readonly string[]): Promise<string[]> {
  if (entries.length === 0) return []
  const whole = sql`
    select distinct encode(g.key, 'hex') as key
    from (select substring(${packed(entries)}::bytea from at * 16 + 1 for 16) as key
      from generate_series(0, ${entries.length - 1}::integer) as at) g
    cross join lateral (
      select batch, outcome from entry where key_index = g.key offset 0) e
    join batch b on b.id = e.batch
    where b.receipt_order > ${receiptOrder} and b.kind = 'push' and e.outcome in ('new', 'updated', 'unchanged')`
  const distributed = () => sql`
    with came as materialized (
      select distinct key_index, batch from entry
      where key_index = any(${bytes(entries)}::bytea[]) and outcome in ('new', 'updated', 'unchanged'))
    select distinct encode(e.key_index, 'hex') as key
    from came e join batch b on b.id = e.batch where b.receipt_order > ${receiptOrder} and b.kind = 'push'`
  const { rows } = await db.query<{ key: string }>(either(whole, distributed))
  return rows.map(({ key }) => key)
}

/** Whether a newer batch of the same dataset has been received; only then can its entries be ahead of this batch's. */
export async function hasNewerBatch(
  db: Db,
  { platform, dataset, receiptOrder }: { platform: string; dataset: string; receiptOrder: string },
): Promise<boolean> {
  const { rows } = await db.query<{ newer: boolean }>(sql`
    select exists (select 1 from batch
      where platform = ${platform} and dataset = ${dataset} and receipt_order > ${receiptOrder}) as newer`)
  return rows[0]?.newer ?? false
}

/** Indexes (hexadecimal) as one value: an array of bytea would be sent as text, thrice as long and parsed item by item. */
function packed(indexes: readonly string[]): Buffer {
  return Buffer.from(indexes.join(''), 'hex')
}

function bytes(indexes: readonly string[]): Buffer[] {
  return indexes.map((index) => Buffer.from(index, 'hex'))
}
