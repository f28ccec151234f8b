import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Known, noteTruth, prepareTruth, scoreStored } from '../../../bench/quality/score.ts'
import type { SubjectId } from '../../../src/domain/ids.ts'
import { inTransaction, withClient } from '../../../src/io/postgres/postgres.ts'
import { type Linked, scoreLinks } from '../../../src/link/train/evaluate.ts'
import { freshDatabase } from '../../support/database.ts'
import { insertSourceRecord } from '../../support/fixtures/rows.ts'

const RECORD = fc.record({
  person: fc.integer({ min: 1, max: 6 }),
  truth: fc.integer({ min: 1, max: 6 }),
  hasNik: fc.boolean(),
})

it('scores the links in the database as pairs one by one are scored', async () => {
  await using db = await freshDatabase()
  await withClient(db.ownerUrl, prepareTruth)
  await fc.assert(
    fc.asyncProperty(fc.array(RECORD, { maxLength: 25 }), async (drawn) => {
      await db.pool.query('delete from bench_truth')
      await db.pool.query('delete from source_record')
      const records = drawn.map(
        ({ person, truth, hasNik }): Linked => ({ person: `per_${person}`, truth: `P${truth}`, hasNik }),
      )
      const known: Known[] = []
      for (const { person, truth, hasNik } of records) {
        const key = randomBytes(16)
        const subject = person as SubjectId
        await insertSourceRecord(db.pool, {
          key_index: key,
          subject,
          platform: 'a',
          dataset: 'b',
          sealed: Buffer.alloc(1),
        })
        // An earlier word about the same key, and a record that was not linked.
        known.push(
          { key, truth: 'earlier', hasNik: !hasNik },
          { key, truth, hasNik },
          { key: randomBytes(16), truth, hasNik },
        )
      }
      await inTransaction(db.pool, (tx) => noteTruth(tx, known))
      const { all, withoutNik } = scoreLinks(records)
      const scored = await scoreStored(db.pool)
      expect(scored.records).toBe(records.length)
      for (const [one, other] of [
        [scored.all, all],
        [scored.hard, withoutNik],
      ] as const) {
        expect(one.precision).toBeCloseTo(other.precision, 12)
        expect(one.recall).toBeCloseTo(other.recall, 12)
      }
    }),
    { numRuns: 40 },
  )
})
