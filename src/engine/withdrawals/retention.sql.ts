import type { BatchId } from '../../domain/ids.ts'
import { BEFORE_KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'

/** Pushes of a dataset that were received so many days ago, and the latest place of them in the order of receipt; null where there are none. */
export async function readPushesBefore(
  db: Db,
  { platform, dataset, days }: { platform: string; dataset: string; days: number },
): Promise<{ batches: BatchId[]; upTo: string | null }> {
  const { rows } = await db.query<{ batches: BatchId[] | null; upTo: string | null }>(sql`
    select array_agg(id) as batches, max(receipt_order) as "upTo" from batch
    where platform = ${platform} and dataset = ${dataset} and kind = 'push' and receipt_order is not null
      and received_at < now() - make_interval(days => ${days})`)
  return { batches: rows[0]?.batches ?? [], upTo: rows[0]?.upTo ?? null }
}

/**
 * Of the entries at some places those whose key was pushed again since so many days, whatever became of that: the source still states
 * them, or means to.
 */
export async function readStatedSince(
  db: Db,
  places: readonly { batch: BatchId; line: number }[],
  days: number,
): Promise<{ batch: BatchId; line: number }[]> {
  if (places.length === 0) return []
  const [batches, lines] = [places.map(({ batch }) => batch), places.map(({ line }) => line)]
  const whole = sql`
    select given.batch, given.line
    from unnest(${batches}::text[], ${lines}::integer[]) as given(batch, line)
    join entry e on e.batch = given.batch and e.line = given.line
    where exists (
      select from entry later join batch b on b.id = later.batch
      where later.key_index = e.key_index and b.kind = 'push' and b.received_at >= now() - make_interval(days => ${days}))`
  const distributed = () => sql`
    with placed as materialized (
      select e.batch, e.line, e.key_index
      from unnest(${batches}::text[], ${lines}::integer[]) as given(batch, line)
      join entry e on e.batch = given.batch and e.line = given.line
      where e.key_index is not null),
    stated as materialized (
      select distinct key_index, batch from entry where key_index in (select key_index from placed))
    select p.batch, p.line from placed p
    where exists (
      select from stated s join batch b on b.id = s.batch
      where s.key_index = p.key_index and b.kind = 'push' and b.received_at >= now() - make_interval(days => ${days}))`
  const { rows } = await db.query<{ batch: BatchId; line: number }>(either(whole, distributed))
  return rows
}

/** Whether a push of a dataset is not linked yet: it may state again what seems stated no more. */
export async function isPushOpen(db: Db, platform: string, dataset: string): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(sql`
    select exists (
      select from batch b join chunk c on c.batch = b.id
      where b.platform = ${platform} and b.dataset = ${dataset} and b.kind = 'push' and c.state = any(${BEFORE_KNOWN})) as open`)
  return rows[0]?.open ?? false
}
