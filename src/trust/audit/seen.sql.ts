import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** A leaf of the audit log about a reading: who, when, of what, and the purpose where one is noted. */
export type Reading = { at: Date; actor: string; action: string; kind: string; object: string; purpose: string | null }

/** What the log says was done to some things, the oldest first; `of` names each by kind and object. */
export async function readLeavesAbout(
  db: Db,
  of: readonly { kind: string; object: string }[],
  actions: readonly string[],
  limit: number,
): Promise<Reading[]> {
  if (of.length === 0) return []
  const { rows } = await db.query<Reading>(sql`
    select a.at, a.actor, a.action, a.kind, a.object, a.shown ->> 'purpose' as purpose
    from unnest(${of.map(({ kind }) => kind)}::text[], ${of.map(({ object }) => object)}::text[]) as given(kind, object)
    join audit a on a.kind = given.kind and a.object = given.object and a.action = any(${actions}::text[])
    order by a.sequence limit ${limit}`)
  return rows
}

/** Readings of very many persons at once, by who and what, since a moment: how often, and when first and last. */
export async function countBulkReadings(
  db: Db,
  actions: readonly string[],
  since: Date,
): Promise<{ actor: string; action: string; object: string; times: number; first: Date; last: Date }[]> {
  const { rows } = await db.query<{
    actor: string
    action: string
    object: string
    times: number
    first: Date
    last: Date
  }>(sql`
    select actor, action, object, count(*)::integer as times, min(at) as first, max(at) as last
    from audit where action = any(${actions}::text[]) and at >= ${since}
    group by actor, action, object order by min(sequence) limit 1000`)
  return rows
}

/** What a client has read between two moments, each action and object once. */
export async function readReadingsBy(
  db: Db,
  client: string,
  actions: readonly string[],
  { from, to }: { from: Date | null; to: Date | null },
): Promise<{ action: string; object: string }[]> {
  const { rows } = await db.query<{ action: string; object: string }>(sql`
    select distinct action, object from audit
    where actor = ${client} and action = any(${actions}::text[])
      and at >= coalesce(${from}::timestamptz, '-infinity') and at <= coalesce(${to}::timestamptz, 'infinity')`)
  return rows
}
