import { describe, expect, it } from 'vitest'
import { sql } from '../../src/io/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { scorePairs } from './match-all.ts'
import { groupsIn, pushFiles, readSampleFiles } from './push-samples.ts'

describe('the samples in the registry', { timeout: 120_000 }, async () => {
  const files = await readSampleFiles()
  const people = new Map(files.flatMap((file) => [...file.people]))
  const keys = [...people.keys()]
  const placeOf = new Map(keys.map((key, at) => [key, at]))
  const persons = keys.map((key) => people.get(key)?.person ?? '')
  const asPlaces = (groups: string[][]) => groups.map((group) => group.flatMap((key) => placeOf.get(key) ?? []))

  it('are linked almost without fault, and hardly anybody is asked', async () => {
    await using db = await freshDatabase()
    const started = performance.now()
    await pushFiles(db.pool, files)
    console.log(`${Math.round(performance.now() - started)} ms`)
    const groups = asPlaces(await groupsIn(db.pool))
    const all = scorePairs(groups, persons)
    const isHard = (at: number) => people.get(keys[at] ?? '')?.hasNik !== true
    const hard = scorePairs(groups, persons, (a, b) => isHard(a) || isHard(b))
    const { rows } = await db.pool.query<{ doubts: number }>(sql`select count(*)::integer as doubts from review`)
    const doubts = rows[0]?.doubts ?? 0
    const held = await db.pool.query<{ n: number }>(sql`select sum(held)::integer as n from chunk`)
    console.log(
      `${keys.length} records: precision ${all.precision.toFixed(4)} recall ${all.recall.toFixed(4)}, without usable NIK` +
        ` precision ${hard.precision.toFixed(4)} recall ${hard.recall.toFixed(4)}, doubts ${doubts}, held ${held.rows[0]?.n}`,
    )
    expect(all.precision).toBeGreaterThanOrEqual(0.998)
    expect(all.recall).toBeGreaterThanOrEqual(0.97)
    expect(hard.precision).toBeGreaterThanOrEqual(0.99)
    expect(hard.recall).toBeGreaterThanOrEqual(0.9)
    expect(doubts / keys.length).toBeLessThanOrEqual(0.02)
  })

  it('make the same persons in whatever order the files come', async () => {
    const orders = [
      files,
      files.toReversed(),
      files.toSorted((a, b) => (a.dataset + a.platform < b.dataset + b.platform ? 1 : -1)),
    ]
    const found: string[][] = []
    for (const order of orders) {
      await using db = await freshDatabase()
      await pushFiles(db.pool, order)
      found.push((await groupsIn(db.pool)).map((group) => group.sort().join()).sort())
    }
    for (const [at, groups] of found.entries()) {
      const other = new Set(found[0])
      console.log(at, groups.length, groups.filter((g) => !other.has(g)).length)
      expect(groups).toEqual(found[0])
    }
  })
})
