import type { PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import type { Outcome } from '../../domain/states.ts'
import { waitForCommits } from '../../io/postgres/commits.db.ts'
import { type Db, isDistributed } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'

/** An entry as the ledger has it; its key is a blind index in hexadecimal. */
type LedgerEntry = { key: string | null; outcome: Outcome }

const IS_OPEN: ReadonlySet<Outcome> = new Set<Outcome>(['rejected', 'held'])

/**
 * Notes which entries are corrected: a rejected or held one, once a push that was received later brings a good record under its key.
 * Both orders of working count, so this looks back from what is good and forward from what is not. Called when the rows stand.
 */
export async function noteCorrections(tx: PoolClient, batch: BatchId, entries: readonly LedgerEntry[]): Promise<void> {
  const good: string[] = []
  const open: string[] = []
  for (const { key, outcome } of entries) if (key !== null) (IS_OPEN.has(outcome) ? open : good).push(key)
  if (good.length + open.length === 0) return
  const order = await lockLedger(tx, batch, { good, alone: open.length > 0 })
  if (order === undefined) return
  if (good.length > 0) await closeEarlier(tx, batch, order, good)
  if (open.length > 0) await closeOwn(tx, batch, order, open)
}

/**
 * Takes all that `noteCorrections` may wait for, before the subjects' lock: who asked for it under that lock, while another had it and
 * waited for the subjects, would wait in a circle.
 */
export async function holdLedger(tx: PoolClient, batch: BatchId): Promise<void> {
  await lockLedger(tx, batch, { good: [], alone: true })
}

/**
 * Gives a push's place in the order of receipt; undefined for other batches. Who adds open entries of a dataset commits alone: of two
 * chunks that commit at the same time, one corrects the other and neither would see it.
 */
async function lockLedger(
  tx: PoolClient,
  batch: BatchId,
  { good, alone }: { good: readonly string[]; alone: boolean },
): Promise<string | undefined> {
  const { rows } = await tx.query<{ order: string; name: string }>(sql`
    select receipt_order as "order", 'titian ledger' || ' ' || platform || '/' || dataset as name
    from batch where id = ${batch} and kind = 'push'`)
  const [found] = rows
  if (found === undefined) return undefined
  const exclusive = (name: string) => sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`
  const shared = sql`select pg_advisory_xact_lock_shared(hashtextextended(${found.name}, 0))`
  await tx.query(alone ? exclusive(found.name) : shared)
  await waitForCommits(tx)
  // Rows on several servers cannot be locked in their order: of those that have some to close each is alone there.
  if (!alone && isDistributed(tx) && (await areOpen(tx, good))) await tx.query(exclusive(`${found.name} closing`))
  return found.order
}

async function areOpen(db: Db, keys: readonly string[]): Promise<boolean> {
  const { rows } = await db.query(sql`
    select line from entry
    where key_index = any(${bytes(keys)}::bytea[]) and outcome in ('rejected', 'held') and corrected_by is null limit 1`)
  return rows.length > 0
}

/** Closes what earlier pushes left open under these keys; rows are locked in their order, as by everybody. */
async function closeEarlier(tx: PoolClient, batch: BatchId, order: string, keys: readonly string[]): Promise<void> {
  const whole = sql`
    with found as (
      select e.batch, e.line
      from (select substring(${packed(keys)}::bytea from at * 16 + 1 for 16) as key
        from generate_series(0, ${keys.length - 1}::integer) as at) g
      cross join lateral (
        select batch, line from entry
        where key_index = g.key and outcome in ('rejected', 'held') and corrected_by is null offset 0) e
      join batch b on b.id = e.batch
      where b.kind = 'push' and b.receipt_order < ${order}),
    locked as (
      select e.batch, e.line from entry e
      where (e.batch, e.line) in (select batch, line from found)
      order by e.batch, e.line for update)
    update entry set corrected_by = ${batch}
    from locked
    where entry.batch = locked.batch and entry.line = locked.line and entry.corrected_by is null`
  const distributed = () => sql`
    with open as materialized (
      select batch, line from entry
      where key_index = any(${bytes(keys)}::bytea[]) and outcome in ('rejected', 'held') and corrected_by is null),
    found as materialized (
      select e.batch, e.line from open e join batch b on b.id = e.batch
      where b.kind = 'push' and b.receipt_order < ${order})
    update entry set corrected_by = ${batch}
    from found
    where entry.batch = found.batch and entry.line = found.line and entry.corrected_by is null`
  await tx.query(either(whole, distributed))
}

/** Closes entries of this batch whose keys a later push has brought already. */
async function closeOwn(tx: PoolClient, batch: BatchId, order: string, keys: readonly string[]): Promise<void> {
  const whole = sql`
    with found as (
      select g.key, (array_agg(b.id order by b.receipt_order))[1] as later
      from (select substring(${packed(keys)}::bytea from at * 16 + 1 for 16) as key
        from generate_series(0, ${keys.length - 1}::integer) as at) g
      cross join lateral (select batch, outcome from entry where key_index = g.key offset 0) e
      join batch b on b.id = e.batch
      where b.kind = 'push' and b.receipt_order > ${order} and e.outcome in ('new', 'updated', 'unchanged')
      group by g.key)
    update entry set corrected_by = found.later
    from found
    where entry.batch = ${batch} and entry.key_index = found.key and entry.outcome in ('rejected', 'held')
      and entry.corrected_by is null`
  const distributed = () => sql`
    with good as materialized (
      select key_index, batch from entry
      where key_index = any(${bytes(keys)}::bytea[]) and outcome in ('new', 'updated', 'unchanged')),
    found as materialized (
      select g.key_index as key, (array_agg(b.id order by b.receipt_order))[1] as later
      from good g join batch b on b.id = g.batch
      where b.kind = 'push' and b.receipt_order > ${order} group by g.key_index)
    update entry set corrected_by = found.later
    from found
    where entry.batch = ${batch} and entry.key_index = found.key and entry.outcome in ('rejected', 'held')
      and entry.corrected_by is null`
  await tx.query(either(whole, distributed))
}

/** Indexes (hexadecimal) as one value, as elsewhere in the ledger. */
function packed(indexes: readonly string[]): Buffer {
  return Buffer.from(indexes.join(''), 'hex')
}

function bytes(indexes: readonly string[]): Buffer[] {
  return indexes.map((index) => Buffer.from(index, 'hex'))
}
