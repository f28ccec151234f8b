import type { Pool, PoolClient } from 'pg'
import { type Db, inTransaction } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Arrival, ArrivalReceipt } from './arrival.ts'
import { encodeJournal } from './journal.ts'
import type { Effect } from './records.ts'
import type { TakenDelivery } from './signed-receipt.ts'
import type { HeldSubject } from './toy-results.ts'

type Merge = { id: string; level: Effect['level']; delivery: string; merged_into: string }

export type KnownDelivery = TakenDelivery & { digest: Buffer }

/** Lets a delivery take effect, once: false when one of this id already has. */
export async function applyDelivery(db: Pool, { digest, manifest, receipt, effects }: Arrival): Promise<boolean> {
  const journal = encodeJournal(effects)
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(sql`
      insert into delivery (id, digest, manifest, receipt, journal)
      values (${receipt.delivery}, ${digest}, ${JSON.stringify(manifest)}, ${JSON.stringify(receipt)}, ${journal})
      on conflict (id) do nothing`)
    if (rowCount === 0) return false
    // Two deliveries may hold the same subjects in another order: one at a time, or they might deadlock. And a delivery touches
    // thousands of subjects among millions: always by index, where the planner read them all through, 40 ms at 400,000.
    await tx.query(sql`
      select pg_advisory_xact_lock(hashtext('titian receiver effect')), set_config('enable_seqscan', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`)
    const newest = await newestOf(tx, effects, await upsertSubjects(tx, receipt.delivery, effects))
    const merged = newest.flatMap(({ subject, level, merged }) =>
      merged.map((id) => ({ id, level, delivery: receipt.delivery, merged_into: subject })),
    )
    await releaseSubjects(
      tx,
      // A subject that is withdrawn goes with those that led to it.
      newest.filter(({ kind }) => kind !== 'withdrawn').map(({ subject }) => subject),
      merged.map(({ id }) => id),
    )
    if (merged.length > 0) await mergeSubjects(tx, merged)
    return true
  })
}

/**
 * The newest version of a subject wins, in whatever order the deliveries come. Gives the ids of which it is this delivery's. The
 * hashes travel as one value, cut on the server: an array of bytea would double them as text.
 */
async function upsertSubjects(tx: PoolClient, delivery: string, effects: readonly Effect[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(sql`
    insert into subject as s (id, level, version, hash, delivery, kind, merged_into, family, placed)
    select id, level, version, substring(${Buffer.from(effects.map(({ hash }) => hash).join(''), 'hex')}::bytea from (at - 1)::integer * 32 + 1 for 32),
      ${delivery}, kind, "into", family, placed
    from unnest(${effects.map(({ subject }) => subject)}::text[], ${effects.map(({ level }) => level)}::text[],
      ${effects.map(({ version }) => version)}::int[], ${effects.map(({ kind }) => kind)}::text[], ${effects.map(({ into }) => into)}::text[],
      ${effects.map(({ family }) => family)}::text[], ${effects.map(({ isPlaced }) => String(isPlaced))}::boolean[])
      with ordinality as e (id, level, version, kind, "into", family, placed, at)
    on conflict (id) do update
    set version = excluded.version, hash = excluded.hash, delivery = excluded.delivery, kind = excluded.kind,
      family = excluded.family, placed = excluded.placed,
      -- A golden record or a stub after the line that ended the subject says that it lives again.
      merged_into = case when excluded.kind = 'merged' then excluded.merged_into
        when s.kind = 'merged' then null else s.merged_into end
    where s.version < excluded.version
    returning id`)
  return new Set(rows.map(({ id }) => id))
}

/** Of the effects those that are the last word about their subject: only they say what leads to it. Of `written` it is known. */
async function newestOf(
  tx: PoolClient,
  effects: readonly Effect[],
  written: ReadonlySet<string>,
): Promise<readonly Effect[]> {
  const others = effects.filter(({ subject }) => !written.has(subject))
  if (others.length === 0) return effects
  const { rows } = await tx.query<{ id: string }>(sql`
    select e.id
    from unnest(${others.map(({ subject }) => subject)}::text[], ${others.map(({ version }) => version)}::int[])
      as e (id, version)
    join subject s on s.id = e.id and s.version = e.version`)
  const ids = written.union(new Set(rows.map(({ id }) => id)))
  return effects.filter(({ subject }) => ids.has(subject))
}

/** What led to a subject and is not named by it any more is itself again. */
async function releaseSubjects(tx: PoolClient, into: readonly string[], merged: readonly string[]): Promise<void> {
  await tx.query(sql`
    update subject set merged_into = null
    where merged_into = any(${into}::text[]) and id <> all(${merged}::text[]) and kind <> 'merged'`)
}

/** A merged subject that never came is noted too, so that an older delivery that comes late does not bring it to life. */
async function mergeSubjects(tx: PoolClient, merged: readonly Merge[]): Promise<void> {
  await tx.query(sql`
    insert into subject as s (id, level, version, hash, delivery, merged_into)
    select id, level, 0, '', delivery, merged_into
    from json_to_recordset(${JSON.stringify(merged)})
      as m (id text, level text, delivery text, merged_into text)
    on conflict (id) do update set merged_into = excluded.merged_into where s.kind <> 'merged'`)
}

/** What is known of a delivery that arrived before. */
export async function findDelivery(db: Db, id: string): Promise<KnownDelivery | undefined> {
  const { rows } = await db.query<KnownDelivery>(sql`
    select digest, receipt, manifest ->> 'batch' as batch, (manifest ->> 'entries')::integer as entries, received_at as "takenAt"
    from delivery where id = ${id}`)
  return rows[0]
}

/** The receipt of the newest delivery that is not this one; undefined when there is none. */
export async function findOther(db: Db, id: string): Promise<ArrivalReceipt | undefined> {
  const { rows } = await db.query<{ receipt: ArrivalReceipt }>(sql`
    select receipt from delivery where id <> ${id} order by seq desc limit 1`)
  return rows[0]?.receipt
}

/** The newest delivery by its id, which begins with the time of its making: an older one may have come later. */
export async function newestDelivery(db: Db): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(sql`select id from delivery order by id collate "C" desc limit 1`)
  return rows[0]?.id
}

/** The subjects whose last word took effect at a moment or later, after an id, in the order of their ids. */
export async function subjectsSince(db: Db, since: Date, after: string, limit: number) {
  const { rows } = await db.query<{
    subject: string
    level: string
    kind: string
    version: number
    delivery: string
  }>(sql`
    select s.id as subject, s.level, s.kind, s.version, s.delivery
    from subject s join delivery d on d.id = s.delivery
    where d.received_at >= ${since} and s.id > ${after} collate "C" order by s.id collate "C" limit ${limit}`)
  return rows
}

/** Counts that a delivery arrived once more. */
export async function countRepeat(db: Db, id: string): Promise<void> {
  await db.query(sql`update delivery set repeats = repeats + 1 where id = ${id}`)
}

/** Journals of the deliveries after a place in their order of arrival. */
export async function journalsAfter(db: Db, seq: string, limit: number) {
  const { rows } = await db.query<{ seq: string; id: string; journal: Buffer }>(sql`
    select seq, id, journal from delivery where seq > ${seq} order by seq limit ${limit}`)
  return rows
}

/** The subjects that the stand-in holds and may use, and that are no others, after an id, in the order of their ids. */
export async function subjectsAfter(db: Db, after: string, limit: number): Promise<HeldSubject[]> {
  const { rows } = await db.query<HeldSubject>(sql`
    select id, level from subject where id > ${after} and merged_into is null and kind not in ('withdrawn', 'restricted') order by id limit ${limit}`)
  return rows
}

/** What the stand-in holds, in numbers. */
export async function countHoldings(db: Db) {
  const { rows: arrived } = await db.query<{
    deliveries: number
    repeats: number
    records: number
    refused: number
  }>(sql`
    select count(*)::int as deliveries, coalesce(sum(repeats), 0)::int as repeats,
      coalesce(sum((receipt ->> 'records')::int), 0)::int as records,
      coalesce(sum(jsonb_array_length(receipt -> 'refused')), 0)::int as refused
    from delivery`)
  const { rows: held } = await db.query<{ keluarga: number; individu: number }>(sql`
    select count(*) filter (where level = 'keluarga')::int as keluarga,
      count(*) filter (where level = 'individu')::int as individu
    from subject where merged_into is null and kind <> 'withdrawn'`)
  const { rows: persons } = await db.query<{ placed: number; unplaced: number; dangling: number }>(sql`
    select count(*) filter (where p.placed)::int as placed, count(*) filter (where not p.placed)::int as unplaced,
      count(*) filter (where p.family is not null and (f.id is null or f.kind = 'withdrawn'))::int as dangling
    from subject p left join subject f on f.id = p.family
    where p.level = 'individu' and p.merged_into is null and p.kind = 'golden'`)
  return {
    ...(arrived[0] ?? { deliveries: 0, repeats: 0, records: 0, refused: 0 }),
    subjects: held[0] ?? {},
    persons: persons[0] ?? { placed: 0, unplaced: 0, dangling: 0 },
  }
}
