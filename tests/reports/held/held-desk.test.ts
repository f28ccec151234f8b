import { expect, it } from 'vitest'
import { CHUNK, OUTCOMES, type Outcome } from '../../../src/domain/states.ts'
import { insertEntries } from '../../../src/engine/chunks/ledger.sql.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { readHeldCauses } from '../../../src/reports/held/held-desk.db.ts'
import { countHeld } from '../../../src/reports/held.sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { insertBatch, insertChunk } from '../../support/fixtures/rows.ts'

const ALL = { platform: 'carik-jakarta', dataset: null }

/** A settled push whose lines have these keys (none for null) and outcomes. */
async function pushed({ pool }: TestDatabase, lines: readonly (readonly [key: string | null, outcome: Outcome])[]) {
  const { id } = await insertBatch(pool)
  const of = (wanted: Outcome) => lines.filter(([, outcome]) => outcome === wanted).length
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, of(outcome)]))
  const state = CHUNK.linked
  const chunk = await insertChunk(pool, { batch: id, state, entries: lines.length, ...counts })
  const entries = lines.map(([key, outcome], at) => ({ line: at + 1, key: key?.repeat(16) ?? null, outcome }))
  await inTransaction(pool, (tx) => insertEntries(tx, id, chunk, entries))
  return id
}

it('counts once what came again and is held again, and since the first time', async () => {
  await using db = await freshDatabase()
  const first = await pushed(db, [
    ['aa', 'held'],
    ['bb', 'held'],
    ['cc', 'held'],
    ['dd', 'held'],
    [null, 'held'],
  ])
  const second = await pushed(db, [
    ['aa', 'held'],
    ['bb', 'rejected'],
    ['cc', 'new'],
    [null, 'held'],
  ])
  const third = await pushed(db, [['aa', 'held']])
  const { causes } = await readHeldCauses(db.pool, ALL)
  const { rows } = await db.pool.query('select received_at from batch where id = $1', [first])
  // Held: the third of aa, dd, and two without a key. Again: two of aa, and bb, which was refused since.
  expect(causes).toEqual([
    expect.objectContaining({
      ...{ entries: 4, again: 3, corrected: 1, oldestAt: rows[0]?.received_at },
      batches: [first, second, third],
    }),
  ])
  // Of bb nothing may be known either.
  expect(await countHeld(db.pool, 'carik-jakarta')).toBe(5)
  expect(await countHeld(db.pool, 'sumedang')).toBe(0)
})

it('says that nothing is held any more once what came again is well', async () => {
  await using db = await freshDatabase()
  await pushed(db, [['aa', 'held']])
  await pushed(db, [['aa', 'held']])
  await pushed(db, [['aa', 'updated']])
  const { causes } = await readHeldCauses(db.pool, ALL)
  expect(causes).toEqual([expect.objectContaining({ entries: 0, again: 0, corrected: 2, oldestAt: null })])
  expect(await countHeld(db.pool, 'carik-jakarta')).toBe(0)
})
