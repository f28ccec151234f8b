import { expect, it } from 'vitest'
import { newId } from '../../../src/io/ids.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { openRelink } from '../../../src/link/persons/relink.db.ts'
import { freshDatabase } from '../../support/database.ts'
import { correction, entry, judgeAll, link, outcomesOf, person, push, strict, submit, vault } from '../support.ts'

const RATNA = { nama: 'RATNA KUSUMAWARDANI', tanggal_lahir: '1983-04-17', jenis_kelamin: '2' }
it('lets another model put together what the one before kept apart, tells BPS, and finds nothing to do the next time', async () => {
  await using db = await freshDatabase()
  for (const dataset of ['carik', 'dtks-individu']) {
    const chunk = await submit(
      db.pool,
      [entry(1, 'R', person('R', RATNA)), entry(2, dataset, person(dataset, { nama: dataset }))],
      { dataset },
    )
    await link(db.pool, chunk, { judge: strict })
  }
  const first = await judgeAll(db.pool)
  expect(first.records).toBe(4)
  expect(first.lines.map(({ origin, merged }) => [origin.length, merged?.length])).toEqual([[2, 1]])
  expect(Object.values(await outcomesOf(db.pool, first.batch)).sort()).toEqual([
    'unchanged',
    'unchanged',
    'unchanged',
    'updated',
  ])
  const second = await judgeAll(db.pool)
  expect(second.lines).toEqual([])
  const keys = await db.pool.query(sql`select key, record from blocking`)
  const distinct = await db.pool.query(sql`select distinct key, record from blocking`)
  expect(keys.rowCount).toBe(distinct.rowCount)
})

it('parts again what a stricter model would not have put together', async () => {
  await using db = await freshDatabase()
  await push(db.pool, [entry(1, 'R', person('R', RATNA))])
  await push(db.pool, [entry(1, 'R', person('R', RATNA))], { dataset: 'dtks-individu' })
  const batch = newId('bat')
  const chunk = newId('chk')
  await inTransaction(db.pool, (tx) => openRelink(tx, vault, { batch, newChunk: () => chunk }))
  const { lines } = await link(db.pool, await correction(db.pool, { batch, chunk }), { judge: strict })
  expect(lines.map(({ origin }) => origin.length)).toEqual([1, 1])
})

it('tells again of whom an earlier Titian told less, once', async () => {
  await using db = await freshDatabase()
  const placed = { extensions: { kode_kelurahan_desa: '3171010001' } }
  await push(db.pool, [entry(1, 'R', person('R', RATNA, placed)), entry(2, 'S', person('S', { nama: 'SARI' }))])
  // As a line of that time left it: without the region in its hash.
  await db.pool.query(sql`update subject set golden_hash = '', region_hash = null where version = 1`)
  await db.pool.query(sql`update subject set version = 4 where version = 1`)
  const first = await judgeAll(db.pool)
  expect(first.lines.map(({ version, region }) => `${version} ${region?.bps}`).toSorted()).toEqual([
    '5 3171010001',
    '5 undefined',
  ])
  expect(Object.values(await outcomesOf(db.pool, first.batch))).toEqual(['updated', 'updated'])
  const second = await judgeAll(db.pool)
  expect(second.lines).toEqual([])
  expect(Object.values(await outcomesOf(db.pool, second.batch))).toEqual(['unchanged', 'unchanged'])
})

it('is settled at once when there is nobody', async () => {
  await using db = await freshDatabase()
  const { batch, records } = await judgeAll(db.pool)
  const { rows } = await db.pool.query(sql`select state from batch where id = ${batch}`)
  expect([records, rows]).toEqual([0, [{ state: 'settled' }]])
})
