import type { ChunkId } from '../domain/ids.ts'
import { decodeReport, type EntryFinding } from '../domain/report.ts'
import { type BatchKind, type ChunkState, type Outcome, STAGES } from '../domain/states.ts'
import type { WithdrawalReason } from '../domain/withdrawal.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { either, gatheredFirst } from '../io/postgres/table-form.ts'
import type { DeliveryRow } from './record/delivery-row.ts'

export type LedgerRow = {
  batch: string
  line: number
  kind: BatchKind
  chunk: ChunkId
  outcome: Outcome
  corrected_by: string | null
  state: ChunkState
  received_at: Date
  settled_at: Date | null
}
export type SubjectWay = { id: string; level: string; version: number; merged_into: string | null }
export type WithdrawnRow = { batch: string; reason: WithdrawalReason; about: string | null; requested_at: Date }

/**
 * Every entry under a key, in the order of receipt. A member nested in a family's entry has no entry
 * of its own: its key gives the entry that its latest state came in, and those that withdrew it.
 */
export async function readLedger(
  db: Db,
  entryIndexes: readonly Buffer[],
  sourceIndexes: readonly Buffer[],
): Promise<LedgerRow[]> {
  const whole = sql`
    with found as (
      select batch, line, chunk, outcome, corrected_by from entry where key_index = any(${entryIndexes})
      union
      select e.batch, e.line, e.chunk, e.outcome, e.corrected_by
      from source_record r join entry e on e.batch = r.batch and e.line = r.line
      where r.key_index = any(${sourceIndexes})
      union
      select e.batch, e.line, e.chunk, e.outcome, e.corrected_by
      from withdrawal_target t join entry e on e.batch = t.batch and e.line = t.line
      where t.record_index = any(${sourceIndexes}))
    select e.batch, e.line, b.kind, e.chunk, e.outcome, e.corrected_by, c.state, b.received_at, c.settled_at
    from found e join batch b on b.id = e.batch join chunk c on c.id = e.chunk
    order by b.receipt_order, e.line`
  const distributed = () => sql`
    with place as materialized (
      select batch, line from source_record where key_index = any(${sourceIndexes})
      union select batch, line from withdrawal_target where record_index = any(${sourceIndexes})),
    found as materialized (
      select batch, line, chunk, outcome, corrected_by from entry where key_index = any(${entryIndexes})
      union
      select e.batch, e.line, e.chunk, e.outcome, e.corrected_by from place p join entry e using (batch, line))
    select e.batch, e.line, b.kind, e.chunk, e.outcome, e.corrected_by, c.state, b.received_at, c.settled_at
    from found e join batch b on b.id = e.batch join chunk c on c.id = e.chunk
    order by b.receipt_order, e.line`
  const { rows } = await db.query<LedgerRow>(either(whole, distributed))
  return rows
}

/** What the stages found at one line of a chunk. */
export async function readLineFindings(db: Db, chunk: ChunkId, line: number): Promise<EntryFinding[]> {
  const { rows } = await db.query<{ findings: Buffer }>(sql`
    select findings from report where chunk = ${chunk}
    order by array_position(${STAGES}::text[], stage)`)
  return rows.flatMap(({ findings }) => decodeReport(findings)).filter((finding) => finding.line === line)
}

/** The latest withdrawal of a record that does not stand any more; undefined while it stands, or if nobody withdrew it. */
export async function readWithdrawn(
  db: Db,
  entryIndexes: readonly Buffer[],
  sourceIndexes: readonly Buffer[],
): Promise<WithdrawnRow | undefined> {
  const { rows } = await db.query<WithdrawnRow>(
    gatheredFirst(
      sql`
    select w.batch, w.reason, w.about, w.requested_at
    from withdrawal_target t join withdrawal w on w.batch = t.batch
    where (t.record_index = any(${sourceIndexes}) or (t.whole and t.entry_index = any(${entryIndexes})))
      and not exists (select from source_record r where r.key_index = any(${sourceIndexes}))
    order by t.as_of desc, w.requested_at desc limit 1`,
      { source_record: `select key_index from public.source_record where key_index = any($1)` },
    ),
  )
  return rows[0]
}

/** The subjects that source records of these keys belong to. */
export async function readWays(db: Db, keyIndexes: readonly Buffer[]): Promise<SubjectWay[]> {
  const { rows } = await db.query<SubjectWay>(
    gatheredFirst(
      sql`
    select distinct s.id, s.level, s.version, s.merged_into
    from source_record r join subject s on s.id = r.subject
    where r.key_index = any(${keyIndexes})
    order by s.id`,
      { source_record: `select key_index, subject from public.source_record where key_index = any($1)` },
    ),
  )
  return rows
}

/** The deliveries that chunks went out in, and what BPS said in its receipts of these subjects. */
export async function readDeliveries(
  db: Db,
  chunks: readonly ChunkId[],
  subjects: readonly string[],
): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(sql`
    select id, chunk, state, status, attempts, last_answer as last_reason, composed_at, acknowledged_at, (
      select coalesce(json_agg(r order by r ->> 'subject'), '[]') from jsonb_array_elements(receipt -> 'refused') r
      where state = 'acknowledged' and r ->> 'subject' = any(${subjects})) as refused
    from delivery where chunk = any(${chunks})
    order by composed_at, id`)
  return rows
}
