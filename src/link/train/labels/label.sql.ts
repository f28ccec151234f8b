import type { PoolClient } from 'pg'
import type { Db } from '../../../io/postgres/postgres.ts'
import { sql } from '../../../io/postgres/sql.ts'
import type { LabelledStratum } from './estimate.ts'
import type { Label, LabelPair, LabelRound } from './label.ts'
import { type Drawn, STRATA, type StratumName } from './strata.ts'

/** Keeps what was drawn, as the newest round. */
export async function insertRound(
  tx: PoolClient,
  { id, model, records, by }: { id: string; model: string; records: number; by: string },
  { counts, pairs }: Drawn,
): Promise<void> {
  await tx.query(sql`
    insert into label_round (id, model, strata, records, drawn_by)
    values (${id}, ${model}, ${JSON.stringify(counts)}, ${records}, ${by})`)
  await tx.query(sql`
    insert into label_pair (round, place, a, b, stratum)
    select ${id}, place, decode(a, 'hex'), decode(b, 'hex'), stratum
    from unnest(${pairs.map(({ a }) => a)}::text[], ${pairs.map(({ b }) => b)}::text[],
      ${pairs.map(({ stratum }) => stratum)}::text[]) with ordinality as d(a, b, stratum, place)`)
}

/** The newest round; undefined before the first. */
export async function selectRound(db: Db): Promise<LabelRound | undefined> {
  const { rows } = await db.query<LabelRound>(sql`
    select id, model, strata, records, drawn_by as "drawnBy", drawn_at as "drawnAt"
    from label_round order by id desc limit 1`)
  return rows[0]
}

/** How the strata of a round are labelled so far, in their order. */
export async function selectLabelled(db: Db, { id, strata }: LabelRound): Promise<LabelledStratum[]> {
  const { rows } = await db.query<Omit<LabelledStratum, 'pairs'>>(sql`
    select stratum, count(*)::integer as drawn, count(*) filter (where label = 'same')::integer as same,
      count(*) filter (where label = 'different')::integer as different,
      count(*) filter (where label = 'unsure')::integer as unsure
    from label_pair where round = ${id} group by stratum`)
  const found = new Map<StratumName, Omit<LabelledStratum, 'pairs'>>(rows.map((row) => [row.stratum, row]))
  return STRATA.map(({ name }) => ({
    ...(found.get(name) ?? { stratum: name, drawn: 0, same: 0, different: 0, unsure: 0 }),
    pairs: strata[name] ?? 0,
  }))
}

const PAIR = `round, place, encode(a, 'hex') as a, encode(b, 'hex') as b, label`

/** The first pair of a round without a label behind a place, else the first of all; undefined when all have one. */
export async function nextPair(db: Db, round: string, after: number): Promise<LabelPair | undefined> {
  const { rows } = await db.query<LabelPair>(
    `select ${PAIR} from label_pair where round = $1 and label is null order by place <= $2, place limit 1`,
    [round, after],
  )
  return rows[0]
}

/** A pair by its place; undefined where there is none. */
export async function selectPair(db: Db, round: string, place: number): Promise<LabelPair | undefined> {
  const { rows } = await db.query<LabelPair>(`select ${PAIR} from label_pair where round = $1 and place = $2`, [
    round,
    place,
  ])
  return rows[0]
}

/** Notes a steward's label in place of an earlier one; whether there is such a pair. */
export async function saveLabel(
  tx: PoolClient,
  { round, place }: Pick<LabelPair, 'round' | 'place'>,
  { label, by, reason }: { label: Label; by: string; reason: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update label_pair set label = ${label}, labelled_by = ${by}, labelled_at = now(), reason = ${reason}
    where round = ${round} and place = ${place}`)
  return rowCount === 1
}

/** Deletes pairs of records that are gone for good, with the words of stewards. */
export async function forgetLabels(tx: PoolClient, keys: readonly string[]): Promise<void> {
  await tx.query(sql`
    delete from label_pair p using unnest(${keys}::text[]) as d(key) where decode(d.key, 'hex') in (p.a, p.b)`)
}
