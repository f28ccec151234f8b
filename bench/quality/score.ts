import type { Pool, PoolClient } from 'pg'
import { copyRows } from '../../src/io/postgres/copy.ts'
import { sql } from '../../src/io/postgres/sql.ts'

/** Who a record truly is, by the index of its key. */
export type Known = { key: Buffer; truth: string; hasNik: boolean }

/** Pairwise figures; `hard` are pairs with a record that has no usable NIK. */
export type PairScore = { precision: number; recall: number; f1: number }
export type Scored = { records: number; all: PairScore; hard: PairScore }

const TRUTH = `
  create table bench_truth (
    place bigint generated always as identity, key bytea not null, truth text not null, has_nik integer not null
  )`

/** Makes the table of who is who; it lies in the database, since a nation's would not fit into memory. */
export async function prepareTruth(owner: { query(text: string): Promise<unknown> }): Promise<void> {
  await owner.query(TRUTH)
}

/** Notes who records are; of a key that comes again the later word counts. */
export async function noteTruth(tx: PoolClient, people: readonly Known[]): Promise<void> {
  const columns = { key: 'bytea', truth: 'text', has_nik: 'int4' } as const
  await copyRows(
    tx,
    'bench_truth',
    columns,
    people.map(({ key, truth, hasNik }) => [key, truth, Number(hasNik)]),
  )
}

type Sums = {
  records: number
  pairs: number
  made: number
  found: number
  easyPairs: number
  easyMade: number
  easyFound: number
}

/**
 * Scores the links of all known records: pairs of one person in truth, as linked, and both. Pairs are counted from the sizes of
 * groups; pairs of two records with a usable NIK are the ones that are not hard.
 */
export async function scoreStored(db: Pool): Promise<Scored> {
  const { rows } = await db.query<Sums>(sql`
    with known as (
      select distinct on (key) key, truth, has_nik from bench_truth order by key, place desc
    ), linked as (
      select s.subject as person, k.truth, k.has_nik
      from known k join source_record s on s.key_index = k.key where s.subject like 'per%'
    ), sizes as (
      select grouping(person) as any_person, grouping(truth) as any_truth, count(*)::float8 as n, sum(has_nik)::float8 as k
      from linked group by grouping sets ((person), (truth), (person, truth))
    ), pairs as (
      select any_person, any_truth, sum(n) as records, sum(n * (n - 1) / 2) as all, sum(k * (k - 1) / 2) as easy
      from sizes group by 1, 2
    )
    select coalesce(max(records), 0) as records,
      coalesce(sum("all") filter (where any_person = 1), 0) as pairs,
      coalesce(sum("all") filter (where any_truth = 1), 0) as made,
      coalesce(sum("all") filter (where any_person + any_truth = 0), 0) as found,
      coalesce(sum(easy) filter (where any_person = 1), 0) as "easyPairs",
      coalesce(sum(easy) filter (where any_truth = 1), 0) as "easyMade",
      coalesce(sum(easy) filter (where any_person + any_truth = 0), 0) as "easyFound"
    from pairs`)
  const sums = rows[0] as Sums
  const { records, pairs, made, found, easyPairs, easyMade, easyFound } = sums
  return {
    records,
    all: scoreOf(pairs, made, found),
    hard: scoreOf(pairs - easyPairs, made - easyMade, found - easyFound),
  }
}

function scoreOf(pairs: number, made: number, found: number): PairScore {
  const precision = made === 0 ? 1 : found / made
  const recall = pairs === 0 ? 1 : found / pairs
  return { precision, recall, f1: found === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}
