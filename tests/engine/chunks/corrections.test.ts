import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchId, ChunkId } from '../../../src/domain/ids.ts'
import type { Outcome } from '../../../src/domain/states.ts'
import { viewBatch } from '../../../src/engine/batch-view.sql.ts'
import { insertEntries } from '../../../src/engine/chunks/ledger.sql.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { insertBatch, insertChunk } from '../../support/fixtures/rows.ts'

const keyOf = (n: number) => n.toString(16).padStart(32, '0')

type Pushed = { batch: BatchId; chunk: ChunkId }

async function pushed({ pool }: TestDatabase, row: Record<string, string> = {}): Promise<Pushed> {
  const { id: batch } = await insertBatch(pool, row)
  return { batch, chunk: await insertChunk(pool, { batch }) }
}

function enter(db: TestDatabase, { batch, chunk }: Pushed, outcomes: readonly Outcome[], firstKey = 1) {
  const entries = outcomes.map((outcome, at) => ({ line: at + 1, key: keyOf(firstKey + at), outcome }))
  return inTransaction(db.pool, (tx) => insertEntries(tx, batch, chunk, entries))
}

async function correctedOf({ pool }: TestDatabase): Promise<[line: number, by: string][]> {
  const { rows } = await pool.query<{ batch: string; line: number; by: string }>(sql`
    select batch, line, corrected_by as by from entry where corrected_by is not null order by batch, line`)
  return rows.map(({ line, by }) => [line, by])
}

describe('a rejected or held entry', () => {
  it('is corrected by a later push that brings its key well, whichever is worked first', async () => {
    for (const isLaterFirst of [false, true]) {
      await using db = await freshDatabase()
      const earlier = await pushed(db)
      const later = await pushed(db)
      const steps = [
        () => enter(db, earlier, ['held', 'rejected', 'held', 'new']),
        () => enter(db, later, ['new', 'unchanged', 'held', 'updated']),
      ]
      for (const step of isLaterFirst ? steps.toReversed() : steps) await step()
      expect(await correctedOf(db)).toEqual([
        [1, later.batch],
        [2, later.batch],
      ])
      expect(await viewBatch(db.pool, earlier.batch, null)).toMatchObject({ corrected: { rejected: 1, held: 1 } })
      expect(await viewBatch(db.pool, later.batch, null)).toMatchObject({ corrected: { rejected: 0, held: 0 } })
    }
  })

  it('stays open for what came before it, for a withdrawal, and without a key', async () => {
    await using db = await freshDatabase()
    await enter(db, await pushed(db), ['new'])
    const open = await pushed(db)
    await enter(db, open, ['held'])
    await inTransaction(db.pool, (tx) =>
      insertEntries(tx, open.batch, open.chunk, [{ line: 9, key: null, outcome: 'rejected' }]),
    )
    await enter(db, await pushed(db, { kind: 'withdrawal' }), ['updated'])
    expect(await correctedOf(db)).toEqual([])
  })

  it('keeps the batch that corrected it first', async () => {
    await using db = await freshDatabase()
    await enter(db, await pushed(db), ['held'])
    const first = await pushed(db)
    await enter(db, first, ['new'])
    await enter(db, await pushed(db), ['unchanged'])
    expect(await correctedOf(db)).toEqual([[1, first.batch]])
  })

  it('is corrected as well when the two commit at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (size, isLaterFirst) => {
        await using db = await freshDatabase()
        const earlier = await pushed(db)
        const later = await pushed(db)
        const steps = [
          () => enter(db, earlier, Array<Outcome>(size).fill('held')),
          () => enter(db, later, Array<Outcome>(size).fill('new')),
        ]
        await Promise.all((isLaterFirst ? steps.toReversed() : steps).map((step) => step()))
        expect(await correctedOf(db)).toHaveLength(size)
      }),
      { numRuns: 12 },
    )
  })
})
