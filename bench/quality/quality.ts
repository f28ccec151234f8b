// How well the records of populations that nobody has seen are linked: the real clean and link stages, one process.
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { type Linked, type Score, scoreLinks } from '../../src/link/train/evaluate.ts'
import { diceOf, shuffled } from '../population/dice.ts'
import { writePopulation } from '../population/files.ts'
import { readFolder } from '../population/folder.ts'
import type { Recipe } from '../population/people.ts'
import { type BenchRegistry, openBatch, openBenchRegistry, submit } from '../registry.ts'
import { type CleanFile, cleanFiles, type Known } from './cleaned.ts'

/** Pairwise figures of a population; `hard` are pairs with a record that has no usable NIK. */
export type Quality = Recipe & {
  records: number
  precision: number
  recall: number
  f1: number
  'hard precision': number
  'hard recall': number
  'hard f1': number
  possibleMatches: number
  'possible %': number
  held: number
  rejected: number
  seconds: number
}

const CHUNK = 2000

/** Makes, cleans, links and scores a population; its files come in an order of its seed. A folder is measured instead of one. */
export async function measureQuality(recipe: Recipe, folder?: string): Promise<Quality> {
  await using bench = await openBenchRegistry()
  const { registry, vault } = bench
  const formatOf = (name: string) => {
    const format = registry.datasets.get(name)?.format
    if (format === undefined) throw new Error(`the registry has no ${name}`)
    return format
  }
  const written = folder === undefined ? writePopulation(recipe, formatOf) : await readFolder(folder)
  const files = await cleanFiles(written, registry, vault)
  const started = performance.now()
  for (const file of shuffled(files, diceOf(recipe.seed))) await linkFile(bench, file)
  const seconds = Math.round((performance.now() - started) / 1000)
  const records = await linkedRecords(bench, new Map(files.flatMap(({ people }) => [...people])))
  const { all, withoutNik } = scoreLinks(records)
  return {
    ...recipe,
    records: records.length,
    ...figures(all, ''),
    ...figures(withoutNik, 'hard '),
    ...(await asides(bench, records.length)),
    seconds,
  } as Quality
}

async function linkFile(bench: BenchRegistry, { platform, dataset, entries }: CleanFile): Promise<void> {
  const { db, stage } = bench
  const batch = await openBatch(db, { platform, dataset })
  for (let at = 0; at < entries.length; at += CHUNK) {
    const chunk = await submit(bench, { platform, dataset, batch }, entries.slice(at, at + CHUNK))
    const result = await stage.run(chunk, AbortSignal.timeout(600_000))
    if (result.is !== 'done') throw new Error('a chunk of the bench has to wait')
    await inTransaction(db, async (tx) => {
      const state = await result.save(tx)
      await tx.query(sql`update chunk set state = ${state}, cleaned = null where id = ${chunk.id}`)
    })
  }
}

async function linkedRecords({ db }: BenchRegistry, people: ReadonlyMap<string, Known>): Promise<Linked[]> {
  const { rows } = await db.query<{ key: string; person: string }>(sql`
    select encode(key_index, 'hex') as key, subject as person from source_record where subject like 'per%'`)
  return rows.flatMap(({ key, person }) => {
    const known = people.get(key)
    return known === undefined ? [] : [{ person, ...known }]
  })
}

async function asides({ db }: BenchRegistry, records: number) {
  const { rows } = await db.query<{ possibleMatches: number; held: number; rejected: number }>(sql`
    select (select count(*) from review)::integer as "possibleMatches", sum(held)::integer as held, sum(rejected)::integer as rejected
    from chunk`)
  const { possibleMatches = 0, held = 0, rejected = 0 } = rows[0] ?? {}
  return { possibleMatches, 'possible %': Number(((100 * possibleMatches) / records).toFixed(2)), held, rejected }
}

function figures({ precision, recall, f1 }: Score, prefix: string): Record<string, number> {
  const round = (n: number) => Number(n.toFixed(4))
  return { [`${prefix}precision`]: round(precision), [`${prefix}recall`]: round(recall), [`${prefix}f1`]: round(f1) }
}
