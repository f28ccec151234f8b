import { CHUNK, type ChunkState } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'
import type { BatchDelivery, BatchWay, Span } from './way.ts'

type Row = Record<'composed' | 'sent' | 'acknowledged', Span>

const LATEST = 500

/** Reads how far a batch is, by its chunks, deliveries, results and receipt. */
export async function selectBatchWay(db: Db, batch: string): Promise<BatchWay> {
  const chunks = await db.query<{ state: ChunkState; count: number; first: Date | null; last: Date | null }>(sql`
    select state, count(*)::integer as count, min(settled_at) as first, max(settled_at) as last
    from chunk where batch = ${batch} group by state`)
  const deliveries = await db.query<Row>(sql`
    select json_build_object('first', min(composed_at), 'last', max(composed_at), 'count', count(*)) as composed,
      json_build_object('first', min(sent_at), 'last', max(sent_at), 'count', count(sent_at)) as sent,
      json_build_object('first', min(acknowledged_at), 'last', max(acknowledged_at), 'count', count(acknowledged_at)) as acknowledged
    from delivery where batch = ${batch}`)
  const newest = sql`
    select count(*)::integer as count, max(r.applied_at) as "lastAt"
    from (select distinct subject from source_record where batch = ${batch} limit ${LATEST}) s
    join subject_result r on r.subject = s.subject and r.overtaken_at is null`
  const records = {
    source_record: 'select distinct batch, subject from public.source_record where batch = $1 limit $2',
  }
  const results = await db.query<{ count: number; lastAt: Date | null }>(gatheredFirst(newest, records))
  const receipts = await db.query<NonNullable<BatchWay['receipt']>>(sql`
    select edition, size, signed_at as "signedAt" from receipt where batch = ${batch} order by edition desc limit 1`)
  const settled = chunks.rows.find(({ state }) => state === CHUNK.settled)
  const [row] = deliveries.rows
  return {
    chunks: Object.fromEntries(chunks.rows.map(({ state, count }) => [state, count])),
    composed: spanOf(row?.composed),
    sent: spanOf(row?.sent),
    acknowledged: spanOf(row?.acknowledged),
    settled: { first: settled?.first ?? null, last: settled?.last ?? null, count: settled?.count ?? 0 },
    results: results.rows[0] ?? { count: 0, lastAt: null },
    receipt: receipts.rows[0] ?? null,
  }
}

/** The deliveries of a batch, in the order they were made. */
export async function selectBatchDeliveries(db: Db, batch: string, limit: number): Promise<BatchDelivery[]> {
  const { rows } = await db.query<BatchDelivery>(sql`
    select id, status, records, attempts, last_answer, composed_at, acknowledged_at,
      case when state = 'acknowledged' then coalesce(jsonb_array_length(receipt -> 'refused'), 0) else 0 end as refused
    from delivery where batch = ${batch} order by composed_at, id limit ${limit}`)
  return rows
}

/** Moments inside of JSON come as text. */
function spanOf(span: Span | undefined): Span {
  const at = (value: Date | string | null | undefined) => (value == null ? null : new Date(value))
  return { first: at(span?.first), last: at(span?.last), count: span?.count ?? 0 }
}
