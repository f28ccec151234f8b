import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { entry, link, openBatch, person, push, submit } from '../support.ts'

// The two are one person whose serial was mistyped; only the key by birth date and place leads from the one to the other.
const RATNA = {
  nomor_induk_kependudukan: '3174015704830045',
  nama: 'RATNA KUSUMA',
  tanggal_lahir: '1983-04-17',
  jenis_kelamin: '2',
  kode_kelurahan_desa_ktp: '3174010001',
}
const SLIPPED = { ...RATNA, nomor_induk_kependudukan: '3174015704830054', nama: 'RATNA K' }
const STRANGER = { ...RATNA, nomor_induk_kependudukan: '3174015704830077' }
const OTHER = { platform: 'jembrana', dataset: 'dtks-individu' }

describe('a record whose NIK was another one at first', () => {
  it.each([
    ['told by its row', 'select 1'],
    ['not told by rows that were written before', 'update blocking set number = null'],
  ])('is found by the NIK that it has by now, %s', async (_, between) => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', STRANGER))])
    await db.pool.query(between)
    await push(db.pool, [entry(1, 'A', person('A', RATNA))])
    await link(db.pool, await submit(db.pool, [entry(1, 'B', person('B', SLIPPED))], OTHER))
    expect(await persons(db.pool)).toBe(1)
  })

  it('is found by who was worked before its correction and saved after it', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', STRANGER))])
    const batch = await openBatch(db.pool)
    const late = await submit(db.pool, [entry(1, 'B', person('B', SLIPPED))], OTHER)
    let isCorrected = false
    await link(db.pool, late, {
      async pause() {
        if (isCorrected) return
        isCorrected = true
        await push(db.pool, [entry(1, 'A', person('A', RATNA))], { batch })
      },
    })
    expect(isCorrected).toBe(true)
    expect(await persons(db.pool)).toBe(1)
  })

  it('is left for a stranger when the correction makes it one', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', RATNA))])
    await push(db.pool, [entry(1, 'A', person('A', STRANGER))])
    await link(db.pool, await submit(db.pool, [entry(1, 'B', person('B', SLIPPED))], OTHER))
    expect(await persons(db.pool)).toBe(2)
  })
})

async function persons(db: Pool): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(distinct subject)::int as count from source_record where subject like 'per%'`,
  )
  return rows[0]?.count ?? 0
}
