import type { Platform } from '../domain/platform.ts'
import { AGEING, BATCH, type ChunkState, OUTCOMES, type Outcome, PENDING, WORKING } from '../domain/states.ts'
import type { Figures } from '../io/observe/figures.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { secondsUnconfirmed } from '../trust/audit/checkpoint.sql.ts'
import { selectDuty } from './duty/duty.sql.ts'
import { selectWebhookFigures } from './webhook-figures.sql.ts'

type Row = Record<Outcome | 'pending', number> & {
  state: ChunkState
  chunks: number
  oldest: number | null
  waiting: number
}

/** Counts entries by outcome, chunks by state and what waits; outcomes are known from the state on that the state table says. */
export async function selectFigures(db: Db, platforms: readonly Platform[] = []): Promise<Figures> {
  const { rows } = await db.query<Row>(sql`
    select c.state, count(*)::integer as chunks, sum(c.new)::float8 as new, sum(c.updated)::float8 as updated,
      sum(c.unchanged)::float8 as unchanged, sum(c.rejected)::float8 as rejected, sum(c.held)::float8 as held,
      sum(case when c.state = any(${PENDING}) then c.entries else 0 end)::float8 as pending,
      extract(epoch from now() - min(b.received_at) filter (where c.state = any(${AGEING})))::float8 as oldest,
      (count(*) filter (where c.state = any(${WORKING}) and c.dispatched_at is null and c.due_at < now()))::integer as waiting
    from chunk c join batch b on b.id = c.batch
    where b.state <> ${BATCH.receiving}
    group by c.state`)
  const { rows: sums } = await db.query<{ received: number }>(sql`
    select coalesce(sum(received), 0)::float8 as received from batch where state <> ${BATCH.receiving}`)
  const webhooks = await selectWebhookFigures(db)
  const auditSeconds = await secondsUnconfirmed(db)
  return {
    ...figuresOf(rows, sums[0]?.received ?? 0),
    ...(await selectDeliveryFigures(db)),
    webhooks,
    auditSeconds,
    duty: await selectDuty(db, platforms),
    age: 0,
  }
}

type DeliveryFigures = Pick<Figures, 'deliveries' | 'openDeliveries' | 'openEntries' | 'oldestOpenSeconds'>

/** Counts open deliveries by how far they are; those that were acknowledged are as many as ever were made, and are not counted. */
async function selectDeliveryFigures(db: Db): Promise<DeliveryFigures> {
  const { rows } = await db.query<{ status: string; count: number; entries: number; oldest: number }>(sql`
    select status, count(*)::integer as count, sum(entries)::float8 as entries,
      extract(epoch from now() - min(coalesce(resent_at, composed_at)))::float8 as oldest
    from delivery where state = 'composed' group by status`)
  return {
    deliveries: {
      composed: 0,
      sent: 0,
      refused: 0,
      ...Object.fromEntries(rows.map(({ status, count }) => [status, count])),
    },
    openDeliveries: rows.reduce((sum, { count }) => sum + count, 0),
    openEntries: rows.reduce((sum, { entries }) => sum + entries, 0),
    oldestOpenSeconds: Math.max(0, ...rows.map(({ oldest }) => oldest)),
  }
}

function figuresOf(
  rows: readonly Row[],
  received: number,
): Omit<Figures, keyof DeliveryFigures | 'webhooks' | 'auditSeconds' | 'duty' | 'age'> {
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
  }
}
