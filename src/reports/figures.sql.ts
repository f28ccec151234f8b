import { AGEING, BATCH, type ChunkState, OUTCOMES, type Outcome, PENDING, WORKING } from '../domain/states.ts'
import type { Figures } from '../io/observe/metrics.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { selectWebhookFigures } from './webhook-figures.sql.ts'

type Row = Record<Outcome | 'pending', number> & {
  state: ChunkState
  chunks: number
  oldest: number | null
  waiting: number
}

/** Counts entries by outcome, chunks by state and what waits; outcomes are known from the state on that the state table says. */
export async function selectFigures(db: Db): Promise<Figures> {
  const { rows } = await db.query<Row>(sql`
    select c.state, count(*)::integer as chunks, sum(c.new)::float8 as new, sum(c.updated)::float8 as updated,
      sum(c.unchanged)::float8 as unchanged, sum(c.rejected)::float8 as rejected, sum(c.held)::float8 as held,
      sum(case when c.state = any(${PENDING}) then c.entries else 0 end)::float8 as pending,
      extract(epoch from now() - min(b.received_at) filter (where c.state = any(${AGEING})))::float8 as oldest,
      (count(*) filter (where c.state = any(${WORKING}) and c.dispatched_at is null and c.due_at < now()))::integer as waiting
    from chunk c join batch b on b.id = c.batch
    where b.state <> ${BATCH.receiving}
    group by c.state`)
  const { rows: sums } = await db.query<{ received: number; open: number }>(sql`
    select (select coalesce(sum(received), 0)::float8 from batch where state <> ${BATCH.receiving}) as received,
      (select count(*)::integer from delivery where state = 'composed') as open`)
  const webhooks = await selectWebhookFigures(db)
  return { ...figuresOf(rows, sums[0]?.received ?? 0, sums[0]?.open ?? 0), webhooks }
}

function figuresOf(rows: readonly Row[], received: number, openDeliveries: number): Omit<Figures, 'webhooks'> {
  const total = (pick: (row: Row) => number) => rows.reduce((sum, row) => sum + pick(row), 0)
  const names = [...OUTCOMES, 'pending'] as const
  // A chunk whose outcomes are not known may be half-counted by its stage: its entries are pending, nothing else.
  const counted = (row: Row, name: Outcome) => (PENDING.includes(row.state) ? 0 : row[name])
  const entries = Object.fromEntries(
    names.map((name) => [name, total((row) => (name === 'pending' ? row.pending : counted(row, name)))]),
  ) as Figures['entries']
  return {
    entries,
    chunks: Object.fromEntries(rows.map(({ state, chunks }) => [state, chunks])),
    gap: received - Object.values(entries).reduce((sum, count) => sum + count, 0),
    oldestSeconds: Math.max(0, ...rows.map(({ oldest }) => oldest ?? 0)),
    dueNotDispatched: total(({ waiting }) => waiting),
    openDeliveries,
  }
}
