import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markDue } from '../../../src/engine/dispatch.sql.ts'
import { priorityOf, type Shares, windowOf } from '../../../src/engine/share/fair-share.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { receiveBatch } from '../../support/batches.ts'
import { freshDatabase } from '../../support/database.ts'

const NAMES = ['a', 'b', 'c', 'd'] as const
const anyShares = fc.record({
  window: fc.integer({ min: 2, max: 12 }),
  weights: fc
    .tuple(...NAMES.map(() => fc.constantFrom(0.125, 0.25, 0.5, 1, 1.5, 2, 3, 5, 16)))
    .map((weights) => new Map(NAMES.map((name, at) => [name as string, weights[at] ?? 1]))),
})

type Waiting = { platform: string; priority: number; arrived: number }

/**
 * A queue as ours: the lowest priority number first, then who came first. Workers take chunks; each finished one is followed by the
 * next of its platform while that has a backlog. Gives the platforms in the order they were served in.
 */
function serve(shares: Shares, backlogs: Record<string, number>, workers: number, rounds: number): string[] {
  const left = { ...backlogs }
  const busy: Record<string, number> = {}
  const waiting: Waiting[] = []
  const working: string[] = []
  const served: string[] = []
  let clock = 0
  const fill = (platform: string) => {
    while ((left[platform] ?? 0) > 0 && (busy[platform] ?? 0) < windowOf(platform, shares)) {
      left[platform] = (left[platform] ?? 0) - 1
      busy[platform] = (busy[platform] ?? 0) + 1
      waiting.push({ platform, priority: priorityOf(busy[platform] ?? 1, platform, shares), arrived: clock++ })
    }
  }
  for (const platform of Object.keys(left)) fill(platform)
  for (let round = 0; round < rounds && waiting.length + working.length > 0; round++) {
    while (working.length < workers && waiting.length > 0) {
      waiting.sort((a, b) => a.priority - b.priority || a.arrived - b.arrived)
      working.push((waiting.shift() as Waiting).platform)
    }
    const done = working.shift() as string
    served.push(done)
    busy[done] = (busy[done] ?? 1) - 1
    fill(done)
  }
  return served
}

describe('the share of a platform', () => {
  it('is in proportion to its weight while all have a backlog, within one turn of all windows', () => {
    fc.assert(
      fc.property(anyShares, fc.integer({ min: 1, max: 4 }), (shares, workers) => {
        const windows = NAMES.map((name) => windowOf(name, shares))
        const all = windows.reduce((sum, one) => sum + one, 0)
        const rounds = 20 * all
        const backlogs = Object.fromEntries(NAMES.map((name) => [name, rounds + all]))
        const served = serve(shares, backlogs, workers, rounds)
        for (const [at, name] of NAMES.entries()) {
          const count = served.filter((one) => one === name).length
          const expected = (rounds * (windows[at] ?? 0)) / all
          expect(Math.abs(count - expected), `${name} of ${windows}`).toBeLessThanOrEqual(
            2 * Math.max(...windows) + workers,
          )
        }
      }),
    )
  })

  it('leaves a small backlog before the end of everybody’s first turn, and loses no chunk', () => {
    fc.assert(
      fc.property(anyShares, fc.array(fc.nat({ max: 60 }), { minLength: 4, maxLength: 4 }), (shares, sizes) => {
        const backlogs = Object.fromEntries(NAMES.map((name, at) => [name, sizes[at] ?? 0]))
        const all = NAMES.reduce((sum, name) => sum + windowOf(name, shares), 0)
        const served = serve(shares, backlogs, 1, Number.POSITIVE_INFINITY)
        for (const name of NAMES) {
          expect(served.filter((one) => one === name)).toHaveLength(backlogs[name] ?? 0)
          if ((backlogs[name] ?? 0) > 0) expect(served.indexOf(name)).toBeLessThanOrEqual(all)
        }
      }),
    )
  })

  it('is what dispatching keeps to, for any weights and backlogs', async () => {
    await using db = await freshDatabase()
    await fc.assert(
      fc.asyncProperty(
        anyShares,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 }),
        async (shares, sizes) => {
          await db.pool.query(sql`delete from batch`)
          for (const [at, platform] of NAMES.entries())
            await receiveBatch(db.pool, { platform, chunks: sizes[at] ?? 1 })
          const marked = await inTransaction(db.pool, (tx) => markDue(tx, shares, null))
          const counts = NAMES.map((name) => marked.filter(({ platform }) => platform === name).length)
          expect(counts).toEqual(NAMES.map((name, at) => Math.min(sizes[at] ?? 1, windowOf(name, shares))))
          expect(await inTransaction(db.pool, (tx) => markDue(tx, shares, null))).toEqual([])
        },
      ),
      { numRuns: 10 },
    )
  }, 300_000)
})
