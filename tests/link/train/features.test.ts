import { expect, it } from 'vitest'
import { numbersFrom } from '../../../bench/families.ts'
import { readFeatures } from '../../../src/link/train/features.db.ts'
import { train } from '../../../src/link/train/train.ts'
import { freshDatabase } from '../../support/database.ts'
import { entry, person, push, vault } from '../support.ts'

const PERSONS = 30

const nik = (at: number) => `31740105058${String(10_000 + at)}`
const entries = Array.from({ length: PERSONS }, (_, at) =>
  entry(at + 1, `K${at}`, person(`K${at}`, { nomor_induk_kependudukan: nik(at), nama: `BUDI ${at}` })),
)

it('takes some persons with all of their records where a registry has more than are asked for', async () => {
  await using db = await freshDatabase()
  await push(db.pool, entries)
  await push(db.pool, entries, { dataset: 'dtks-individu' })
  const { allFeatures, population, families } = await readFeatures(db.pool, vault, 20)
  expect(population).toBe(2 * PERSONS)
  expect(allFeatures.length).toBeGreaterThanOrEqual(20)
  expect(allFeatures.length).toBeLessThan(2 * PERSONS)
  const records = Map.groupBy(allFeatures, (features) => features.nik)
  expect([...records.values()].every(({ length }) => length === 2)).toBe(true)
  expect(train(allFeatures, numbersFrom(1), { population, families }).prior).toBe(1 / population)
})

it('takes all where there are no more', async () => {
  await using db = await freshDatabase()
  await push(db.pool, entries)
  expect((await readFeatures(db.pool, vault, PERSONS)).allFeatures).toHaveLength(PERSONS)
})
