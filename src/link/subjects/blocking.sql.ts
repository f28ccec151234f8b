import type { PoolClient } from 'pg'
import { copyRows } from '../../io/postgres/copy.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { BlockingKey, Index } from './subject.ts'

/** A block with more records is oversized and not compared: its records are found by other keys, or not at all. */
export const BLOCK_LIMIT = 200

/**
 * The records stored under each key by earlier transactions; keys of more than `BLOCK_LIMIT` records are left out and named,
 * counted together with the `written` ones: how many records this transaction has stored under a key.
 */
export async function lookUpBlocks(
  db: Db,
  keys: readonly BlockingKey[],
  written: (key: BlockingKey) => number = () => 0,
): Promise<{ blocks: Map<BlockingKey, Index[]>; oversized: Set<BlockingKey> }> {
  const blocks = new Map<BlockingKey, Index[]>()
  if (keys.length === 0) return { blocks, oversized: new Set() }
  // As one text, since the driver looks at each item of an array for signs to escape. Sorted as the index is, so that its pages are read in order: a third less time. The transaction's own rows stay behind:
  // whoever asks has their records, and in a first load they are nearly all there is.
  const whole = sql`
    select g.key, array_agg(encode(b.record, 'hex')) as records
    from (select key from unnest(${`{${keys.join()}}`}::bigint[]) as given(key) order by key) g
    cross join lateral (
      select record from blocking
      where blocking.key = g.key and blocking.xmin is distinct from (select pg_current_xact_id_if_assigned()::xid)
      limit ${BLOCK_LIMIT + 1}
    ) b
    group by g.key`
  // A row is the transaction's own by the number that it has on the row's server, so that is asked there.
  const distributed = () => sql`
    select key, array_agg(encode(record, 'hex')) as records
    from (
      select key, record, row_number() over (partition by key) as place
      from blocking
      where key = any(${keys}::bigint[]) and blocking.xmin is distinct from pg_current_xact_id_if_assigned()::xid) b
    where place <= ${BLOCK_LIMIT + 1}
    group by key`
  const { rows } = await db.query<{ key: BlockingKey; records: Index[] }>(either(whole, distributed))
  const oversized = new Set<BlockingKey>()
  for (const { key, records } of rows) {
    if (records.length + written(key) > BLOCK_LIMIT) oversized.add(key)
    else blocks.set(key, records)
  }
  return { blocks, oversized }
}

export type BlockingRow = { key: BlockingKey; record: Index }

/** Written in the order of the index: its pages are then met once each, a fifth less of the server's time for a chunk's rows. */
export async function insertBlocking(tx: PoolClient, rows: readonly BlockingRow[]): Promise<void> {
  const sorted = rows.map(({ key, record }) => [BigInt(key), record] as const).sort(([a], [b]) => (a < b ? -1 : 1))
  await copyRows(tx, 'blocking', { key: 'int8', record: 'bytea' }, sorted)
}

export async function deleteBlocking(tx: PoolClient, rows: readonly BlockingRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(sql`
    delete from blocking b
    using unnest(${rows.map(({ key }) => key)}::bigint[], ${rows.map(({ record }) => record)}::text[]) as d(key, record)
    where b.key = d.key and b.record = decode(d.record, 'hex')`)
}
