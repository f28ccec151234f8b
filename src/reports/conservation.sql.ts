import { BATCH, type Counts, KNOWN, OUTCOMES } from '../domain/states.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { BatchSums } from './conservation.ts'

type Row = {
  batch: string
  platform: string
  dataset: string
  received: number
  pending: number
  composed: number
  delivered: number
  openDeliveries: number
  openSince: Date | null
  correctedRejected: number
  correctedHeld: number
} & {
  chunks: Counts
  ledger: Partial<Counts> | null
}

/**
 * Counts every whole batch of a platform (null: of all) three ways, the newest first; of results, what took effect is what was
 * composed and delivered. One statement, so that all three see the same moment: no gap shows that is only a commit in between.
 */
export async function sumBatches(db: Db, platform: string | null): Promise<BatchSums[]> {
  const { rows } = await db.query<Row>(sql`
    with whole as (
      select id, platform, dataset, received from batch
      where state <> ${BATCH.receiving} and (${platform}::text is null or platform = ${platform})),
    chunked as (
      select c.batch, json_build_object('new', coalesce(sum(c.new) filter (where c.known), 0),
          'updated', coalesce(sum(c.updated) filter (where c.known), 0),
          'unchanged', coalesce(sum(c.unchanged) filter (where c.known), 0),
          'rejected', coalesce(sum(c.rejected) filter (where c.known), 0),
          'held', coalesce(sum(c.held) filter (where c.known), 0)) as chunks,
        coalesce(sum(c.entries) filter (where not c.known), 0)::int as pending,
        coalesce(sum(d.entries), 0)::int as composed,
        coalesce(sum(d.entries) filter (where d.state = 'acknowledged'), 0)::int as delivered,
        (count(*) filter (where d.state = 'composed'))::int as open,
        min(coalesce(d.resent_at, d.composed_at)) filter (where d.state = 'composed') as since
      from (
        select id, batch, entries, new, updated, unchanged, rejected, held, state = any(${KNOWN}) as known
        from chunk where batch in (select id from whole)) c
      left join delivery d on d.chunk = c.id
      group by c.batch),
    applied as (
      select batch, count(*)::int as results from subject_result
      where batch in (select id from whole) group by batch),
    counted as (
      select batch, json_object_agg(outcome, entries) as ledger
      from (
        select batch, outcome, count(*)::int as entries from entry
        where batch in (select id from whole) group by batch, outcome) o
      group by batch),
    corrected as (
      select batch, (count(*) filter (where outcome = 'rejected'))::int as rejected,
        (count(*) filter (where outcome = 'held'))::int as held
      from entry where corrected_by is not null and batch in (select id from whole) group by batch)
    select w.id as batch, w.platform, w.dataset, w.received, coalesce(c.pending, 0) as pending,
      coalesce(c.composed, 0) + coalesce(a.results, 0) as composed,
      coalesce(c.delivered, 0) + coalesce(a.results, 0) as delivered,
      coalesce(c.open, 0) as "openDeliveries", c.since as "openSince", c.chunks, l.ledger,
      coalesce(k.rejected, 0) as "correctedRejected", coalesce(k.held, 0) as "correctedHeld"
    from whole w left join chunked c on c.batch = w.id left join counted l on l.batch = w.id
    left join applied a on a.batch = w.id left join corrected k on k.batch = w.id
    order by w.id desc`)
  return rows.map(({ correctedRejected, correctedHeld, ...row }) => ({
    ...row,
    chunks: countsOf(row.chunks),
    ledger: countsOf(row.ledger),
    corrected: { rejected: correctedRejected, held: correctedHeld },
  }))
}

function countsOf(found: Partial<Counts> | null): Counts {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, found?.[outcome] ?? 0])) as Counts
}
