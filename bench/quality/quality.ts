// How well the records of populations that nobody has seen are linked: the real clean and link stages, one process.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTransaction, withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { diceOf, shuffled } from '../population/dice.ts'
import type { Recipe } from '../population/people.ts'
import { type BenchRegistry, openBatch, openBenchRegistry, submit, workChunk } from '../registry.ts'
import { cleanChunks } from './cleaned.ts'
import { followGrowth } from './follow.ts'
import { noteTruth, type PairScore, prepareTruth, scoreStored } from './score.ts'
import { listFolder, type Source, writeSources } from './source.ts'

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
  /** Of linking alone. */
  seconds: number
  /** The most memory of this process so far. */
  peak_mb: number
}

const CHUNK = 2000

/** Makes, cleans, links and scores a population; its files come in an order of its seed. A folder is measured instead of one. */
export async function measureQuality(recipe: Recipe, folder?: string): Promise<Quality> {
  await using stack = new AsyncDisposableStack()
  const bench = stack.use(await openBenchRegistry())
  await withClient(bench.address.ownerUrl, prepareTruth)
  const sources = folder === undefined ? await invented(bench, recipe, stack) : await listFolder(folder)
  let milliseconds = 0
  for (const source of shuffled(sources, diceOf(recipe.order ?? recipe.seed))) {
    milliseconds += await linkSource(bench, source)
    await followGrowth(bench)
  }
  const { records, all, hard } = await scoreStored(bench.db)
  return {
    ...recipe,
    records,
    ...figures(all, ''),
    ...figures(hard, 'hard '),
    ...(await asides(bench, records)),
    seconds: Math.round(milliseconds / 1000),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  } as Quality
}

async function invented({ registry }: BenchRegistry, recipe: Recipe, stack: AsyncDisposableStack): Promise<Source[]> {
  const folder = await mkdtemp(join(tmpdir(), 'titian-population-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  return writeSources(recipe, folder, (name) => {
    const format = registry.datasets.get(name)?.format
    if (format === undefined) throw new Error(`the registry has no ${name}`)
    return format
  })
}

/** Links a file as one batch; answers the milliseconds that linking took. */
async function linkSource(bench: BenchRegistry, source: Source): Promise<number> {
  const { db } = bench
  const batch = await openBatch(db, source)
  let milliseconds = 0
  for await (const { entries, people } of cleanChunks(source, bench, CHUNK)) {
    const chunk = await submit(bench, { ...source, batch }, entries)
    const started = performance.now()
    await workChunk(bench, chunk)
    milliseconds += performance.now() - started
    await inTransaction(db, (tx) => noteTruth(tx, people))
  }
  return milliseconds
}

async function asides({ db }: BenchRegistry, records: number) {
  const { rows } = await db.query<{ possibleMatches: number; held: number; rejected: number }>(sql`
    select (select count(*) from review)::integer as "possibleMatches", sum(held)::integer as held, sum(rejected)::integer as rejected
    from chunk`)
  const { possibleMatches = 0, held = 0, rejected = 0 } = rows[0] ?? {}
  return { possibleMatches, 'possible %': Number(((100 * possibleMatches) / records).toFixed(2)), held, rejected }
}

function figures({ precision, recall, f1 }: PairScore, prefix: string): Record<string, number> {
  const round = (n: number) => Number(n.toFixed(5))
  return { [`${prefix}precision`]: round(precision), [`${prefix}recall`]: round(recall), [`${prefix}f1`]: round(f1) }
}
