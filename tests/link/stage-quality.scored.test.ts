import { describe, expect, it } from 'vitest'
import { numbersFrom } from '../../bench/families.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { scorePairs } from './match-all.ts'
import { groupsIn, pushFiles, readSampleFiles, type SampleFile } from './push-samples.ts'

describe('the samples in the registry', { timeout: 300_000 }, async () => {
  const files = await readSampleFiles()
  const people = new Map(files.flatMap((file) => [...file.people]))
  const keys = [...people.keys()]
  const placeOf = new Map(keys.map((key, at) => [key, at]))
  const persons = keys.map((key) => people.get(key)?.person ?? '')
  const asPlaces = (groups: string[][]) => groups.map((group) => group.flatMap((key) => placeOf.get(key) ?? []))

  it('are linked almost without fault, and hardly anybody is asked', async () => {
    await using db = await freshDatabase()
    await pushFiles(db.pool, files)
    const groups = asPlaces(await groupsIn(db.pool))
    const all = scorePairs(groups, persons)
    const isHard = (at: number) => people.get(keys[at] ?? '')?.hasNik !== true
    const hard = scorePairs(groups, persons, (a, b) => isHard(a) || isHard(b))
    const { rows } = await db.pool.query<{ possibleMatches: number }>(
      sql`select count(*)::integer as "possibleMatches" from review`,
    )
    const possibleMatches = rows[0]?.possibleMatches ?? 0
    const held = await db.pool.query<{ n: number }>(sql`select sum(held)::integer as n from chunk`)
    console.log(
      `${keys.length} records: precision ${all.precision.toFixed(4)} recall ${all.recall.toFixed(4)}, without usable NIK` +
        ` precision ${hard.precision.toFixed(4)} recall ${hard.recall.toFixed(4)}, possibleMatches ${possibleMatches}, held ${held.rows[0]?.n}`,
    )
    expect(all.precision).toBeGreaterThanOrEqual(0.998)
    expect(all.recall).toBeGreaterThanOrEqual(0.97)
    expect(hard.precision).toBeGreaterThanOrEqual(0.99)
    expect(hard.recall).toBeGreaterThanOrEqual(0.9)
    expect(possibleMatches / keys.length).toBeLessThanOrEqual(0.02)
  })

  it('make the same persons in whatever order their chunks come', async () => {
    const chunks = files.flatMap((file) => cut(withoutRepeats(file), 400))
    const found: string[][] = []
    for (const seed of [1, 2, 3]) {
      await using db = await freshDatabase()
      await pushFiles(db.pool, shuffled(chunks, seed))
      found.push((await groupsIn(db.pool)).map((group) => group.sort().join()).sort())
    }
    expect(found[0]?.length).toBeGreaterThan(4000)
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
  })
})

/** Of an entry that comes twice the first: of two batches the newer one decides, and that would be another one each time. */
function withoutRepeats(file: SampleFile): SampleFile {
  const first = new Map(file.entries.toReversed().map((entry) => [entry.key, entry]))
  return { ...file, entries: file.entries.filter((entry) => first.get(entry.key) === entry) }
}

/** A file in pieces of so many entries. */
function cut(file: SampleFile, size: number): SampleFile[] {
  const pieces: SampleFile[] = []
  for (let at = 0; at < file.entries.length; at += size)
    pieces.push({ ...file, entries: file.entries.slice(at, at + size) })
  return pieces
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const below = numbersFrom(seed)
  return items
    .map((item) => ({ item, at: below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
