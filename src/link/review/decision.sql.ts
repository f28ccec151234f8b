import type { PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { PairDecision } from './pair-decision.ts'

/** Keeps decisions about pairs; a later one about the same pair replaces the earlier. */
export async function saveDecisions(
  tx: PoolClient,
  batch: BatchId,
  decided: readonly PairDecision[],
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  const ordered = decided.map((one) => (one.a < one.b ? one : { ...one, a: one.b, b: one.a }))
  await tx.query(sql`
    insert into link_decision (a, b, decision, leaver, decided_by, reason, batch)
    select decode(d.a, 'hex'), decode(d.b, 'hex'), d.decision, decode(d.leaver, 'hex'), ${by}, ${reason}, ${batch}
    from unnest(${ordered.map(({ a }) => a)}::text[], ${ordered.map(({ b }) => b)}::text[],
      ${ordered.map(({ decision }) => decision)}::text[],
      ${ordered.map(({ leaver }) => leaver ?? null)}::text[]) as d(a, b, decision, leaver)
    order by d.a, d.b
    on conflict (a, b) do update set decision = excluded.decision, leaver = excluded.leaver, decided_by = excluded.decided_by,
      reason = excluded.reason, decided_at = excluded.decided_at, batch = excluded.batch`)
}

/** The decisions that name one of these records. */
export async function readDecisions(db: Db, records: readonly Index[]): Promise<PairDecision[]> {
  if (records.length === 0) return []
  const { rows } = await db.query<PairDecision>(sql`
    select encode(d.a, 'hex') as a, encode(d.b, 'hex') as b, d.decision, encode(d.leaver, 'hex') as leaver
    from unnest(${records}::text[]) as given(record)
    join link_decision d on d.a = decode(record, 'hex')
    union
    select encode(d.a, 'hex') as a, encode(d.b, 'hex') as b, d.decision, encode(d.leaver, 'hex') as leaver
    from unnest(${records}::text[]) as given(record)
    join link_decision d on d.b = decode(record, 'hex')`)
  return rows
}

/** What was decided of a pair, and of all others by the same batch. */
export async function decisionsBeside(db: Db, { a, b }: { a: Index; b: Index }): Promise<PairDecision[]> {
  const { rows } = await db.query<PairDecision>(sql`
    select encode(o.a, 'hex') as a, encode(o.b, 'hex') as b, o.decision, encode(o.leaver, 'hex') as leaver
    from link_decision d join link_decision o on o.batch = d.batch
    where d.a = decode(${a}, 'hex') and d.b = decode(${b}, 'hex')`)
  return rows
}

/** The records that the decisions of a batch are about. */
export async function recordsOfDecisions(db: Db, batch: BatchId): Promise<Index[]> {
  const { rows } = await db.query<{ record: Index }>(sql`
    select encode(a, 'hex') as record from link_decision where batch = ${batch}
    union
    select encode(b, 'hex') as record from link_decision where batch = ${batch}`)
  return rows.map(({ record }) => record)
}
