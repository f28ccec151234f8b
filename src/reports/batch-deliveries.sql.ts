import type { BatchView } from '../engine/batch-view.sql.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

type BatchDeliveries = NonNullable<BatchView['deliveries']>

type Row = {
  batch: string
  composed: number
  sent: number
  refused: number
  acknowledged: number
  delivered: number
  open: number
  untaken: number
  attempts: number
  reason: string | null
  since: Date | null
  next: Date | null
}

const NONE: BatchDeliveries = {
  ...{ composed: 0, sent: 0, refused: 0, acknowledged: 0 },
  entries: { delivered: 0, open: 0 },
  ...{ records_refused: 0, open_since: null, attempts: 0, last_reason: null, next_try_at: null },
}

/** Batches with how far their deliveries are; what is open is told by reason and next try. */
export async function withDeliveries(db: Db, batches: readonly BatchView[]): Promise<BatchView[]> {
  const ids = batches.map(({ id }) => id)
  const { rows } = await db.query<Row>(sql`
    select d.batch, (count(*) filter (where d.status = 'composed'))::int as composed,
      (count(*) filter (where d.status = 'sent'))::int as sent,
      (count(*) filter (where d.status = 'refused'))::int as refused,
      (count(*) filter (where d.status = 'acknowledged'))::int as acknowledged,
      coalesce(sum(d.entries) filter (where d.state = 'acknowledged'), 0)::int as delivered,
      coalesce(sum(d.entries) filter (where d.state = 'composed'), 0)::int as open,
      coalesce(sum(jsonb_array_length(d.receipt -> 'refused')) filter (where d.state = 'acknowledged'), 0)::int as untaken,
      coalesce(sum(d.attempts) filter (where d.state = 'composed'), 0)::int as attempts,
      (array_agg(d.last_answer order by d.tried_at desc nulls last)
        filter (where d.state = 'composed' and d.last_answer is not null))[1] as reason,
      min(coalesce(d.resent_at, d.composed_at)) filter (where d.state = 'composed') as since,
      min(c.due_at) filter (where d.state = 'composed' and c.lease_until is null) as next
    from delivery d join chunk c on c.id = d.chunk
    where d.batch = any(${ids}) group by d.batch`)
  const found = new Map(rows.map((row) => [row.batch, viewOf(row)]))
  return batches.map((batch) => ({ ...batch, deliveries: found.get(batch.id) ?? NONE }))
}

function viewOf({ composed, sent, refused, acknowledged, delivered, open, untaken, ...row }: Row): BatchDeliveries {
  return {
    ...{ composed, sent, refused, acknowledged },
    entries: { delivered, open },
    records_refused: untaken,
    open_since: row.since?.toISOString() ?? null,
    attempts: row.attempts,
    last_reason: row.reason,
    next_try_at: row.next?.toISOString() ?? null,
  }
}
