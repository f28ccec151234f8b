import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import { expect, it } from 'vitest'
import { type Dice, diceOf, shuffled } from '../../../../bench/population/dice.ts'
import { type Written, writePopulation } from '../../../../bench/population/files.ts'
import { compileRegistry } from '../../../../src/catalogue/registry.ts'
import type { CleanEntry } from '../../../../src/domain/entry.ts'
import { readEntries } from '../../../../src/intake/formats/read.ts'
import { sql } from '../../../../src/io/postgres/sql.ts'
import { gatheredFirst } from '../../../../src/io/postgres/table-form.ts'
import { builtIn } from '../../../catalogue/registry-under-test.ts'
import { freshDatabase } from '../../../support/database.ts'
import { groupsIn } from '../../push-samples.ts'
import { link, submit, vault } from '../../support.ts'

const registry = compileRegistry(builtIn, (identity) => vault.index('key', identity).toString('hex'))

type Piece = { platform: string; dataset: string; entries: CleanEntry[] }

/** A file of a population, cleaned. */
async function cleanFile({ text, ...source }: Written['files'][number]): Promise<Piece> {
  const dataset = registry.datasets.get(source.dataset)
  const platform = registry.platforms.get(source.platform)
  if (dataset === undefined || platform === undefined) throw new Error(`the registry does not know ${source.dataset}`)
  const raw = readEntries(Readable.from([Buffer.from(text)]), dataset.format, { recordBytes: 1_000_000 })
  const entries: CleanEntry[] = []
  for await (const entry of raw) entries.push(dataset.clean(entry, platform))
  return { ...source, entries }
}

/** Small chunks of an invented population at three times the errors of the samples, in an order by chance. */
async function piecesOf(seed: number, persons: number, size: number): Promise<Piece[]> {
  const formatOf = (name: string) => {
    const format = registry.datasets.get(name)?.format
    if (format === undefined) throw new Error(`the registry has no ${name}`)
    return format
  }
  const files = await Promise.all(
    writePopulation({ seed, persons, dirt: 3, clash: 0.05 }, formatOf).files.map(cleanFile),
  )
  const pieces = files.flatMap(({ platform, dataset, entries }) => {
    // Of an entry that comes twice the first: of two batches the newer one decides, and that would be another one each time.
    const first = new Map(entries.toReversed().map((entry) => [entry.key, entry]))
    const own = entries.filter((entry) => first.get(entry.key) === entry)
    return Array.from({ length: Math.ceil(own.length / size) }, (_, at) => {
      return { platform, dataset, entries: own.slice(at * size, (at + 1) * size) }
    })
  })
  return shuffled(pieces, diceOf(seed))
}

/** Links pieces by so many workers at once; each rests for a moment by chance when it has planned, and before it takes the lock. */
async function linkAll(db: Pool, pieces: readonly Piece[], workers: number, dice: Dice): Promise<void> {
  const chunks = []
  for (const { platform, dataset, entries } of pieces) chunks.push(await submit(db, entries, { platform, dataset }))
  const next = chunks.values()
  const pause = workers === 1 ? undefined : () => delay(dice.below(60))
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const chunk of next) await link(db, chunk, pause ? { pause } : {})
    }),
  )
}

async function personsIn(db: Pool): Promise<string[]> {
  return (await groupsIn(db)).map((group) => group.sort().join()).sort()
}

/** Rows that lead to nobody, keys that lead to two, and records that are found twice by one key. */
async function faultsIn(db: Pool): Promise<unknown[]> {
  const faults = sql`
    select 'stray' as fault, subject as of from (select subject from source_record union all select subject from identifier) used
    where not exists (select from subject s where s.id = used.subject and s.merged_into is null)
    union all
    select 'empty', id from subject s where merged_into is null and level = 'individu'
      and not exists (select from source_record r where r.subject = s.id)
    union all
    select 'twice found', encode(record, 'hex') from blocking group by key, record having count(*) > 1
    union all
    select 'not found', encode(key_index, 'hex') from source_record r where subject like 'per%'
      and not exists (select from blocking b where b.record = r.key_index)
    union all
    select 'line lost', batch from (select batch, count(*) from entry group by batch) e
      where count <> (select sum(entries) from chunk c where c.batch = e.batch)
    union all
    select 'claim', chunk from link_claim`
  const { rows } = await db.query(
    gatheredFirst(faults, {
      subject: 'select id, level, merged_into from subject',
      source_record: 'select key_index, subject from source_record',
      identifier: 'select subject from identifier',
      blocking: 'select key, record from blocking',
      entry: 'select batch from entry',
    }),
  )
  return rows
}

it.for<{ seed: number; workers: number; size: number }>([
  { seed: 41, workers: 2, size: 20 },
  { seed: 42, workers: 3, size: 8 },
  { seed: 43, workers: 5, size: 12 },
  { seed: 44, workers: 8, size: 10 },
])(
  'makes the same persons whether one worker links or $workers do at once (seed $seed)',
  { timeout: 300_000 },
  async ({ seed, workers, size }) => {
    const pieces = await piecesOf(seed, 100, size)
    await using alone = await freshDatabase()
    await linkAll(alone.pool, pieces, 1, diceOf(seed))
    await using together = await freshDatabase()
    await linkAll(together.pool, pieces, workers, diceOf(seed))
    expect(await personsIn(together.pool)).toEqual(await personsIn(alone.pool))
    expect(await faultsIn(together.pool)).toEqual([])
  },
)
