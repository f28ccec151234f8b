import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import { freshDatabase } from '../../support/database.ts'
import { entry, family, link, openBatch, outcomesOf, person, push, submit } from '../support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const MENDED = { ...BUDI, nama: 'BUDIMAN SANTOSO', tanggal_lahir: '1981-06-07' }
const OTHER_NIK = { ...BUDI, nomor_induk_kependudukan: '3174010505800077' }
const { nomor_induk_kependudukan: _, ...NO_NIK } = BUDI
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const KK1 = { nomor_kartu_keluarga: '3174010101100001' }
const KK2 = { nomor_kartu_keluarga: '3175020202110002' }

/** Every row of the blocking table, doubles too, in one order. */
async function blockingRows(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ row: string }>(
    `select key || ' ' || encode(record, 'hex') || coalesce(' ' || encode(number, 'hex'), '') as row from blocking order by 1`,
  )
  return rows.map(({ row }) => row)
}

/** What a database holds to which nothing but these entries was ever brought. */
async function freshRows(entries: CleanEntry[]): Promise<string[]> {
  await using db = await freshDatabase()
  await push(db.pool, entries)
  return await blockingRows(db.pool)
}

describe('the blocking rows of a chunk', () => {
  it.for<[string, CleanEntry[], CleanEntry[]]>([
    [
      'a key that is new twice, of which the first line stands',
      [entry(1, 'A', person('A', BUDI)), entry(2, 'A', person('A', MENDED))],
      [entry(1, 'A', person('A', BUDI))],
    ],
    [
      'a key that is new twice, of which the later reference date stands',
      [
        entry(1, 'A', person('A', BUDI, { asOf: '2026-01-01' })),
        entry(2, 'A', person('A', MENDED, { asOf: '2026-02-01' })),
      ],
      [entry(1, 'A', person('A', MENDED, { asOf: '2026-02-01' }))],
    ],
    [
      'a key that comes twice with the same content',
      [entry(1, 'A', person('A', BUDI)), entry(2, 'A', person('A', BUDI)), entry(3, 'B', person('B', SITI))],
      [entry(1, 'A', person('A', BUDI)), entry(2, 'B', person('B', SITI))],
    ],
  ])('are those of the state that is stored: %s', async ([, brought, stays]) => {
    await using db = await freshDatabase()
    await push(db.pool, brought)
    const rows = await blockingRows(db.pool)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows).toEqual(await freshRows(stays))
  })

  it('are none of a new member in an entry that is held for its family', async () => {
    await using db = await freshDatabase()
    const before = entry(1, 'F', family('F', { ...KK1, nama_anggota_keluarga: 'BUDI SANTOSO' }), person('A', BUDI))
    const other = family('F', { ...KK2, nama_anggota_keluarga: 'SITI AMINAH' })
    await push(db.pool, [before])
    const rows = await blockingRows(db.pool)
    const held = await submit(db.pool, [entry(1, 'F', other, person('B', SITI))])
    await link(db.pool, held)
    expect(await outcomesOf(db.pool, held.batch)).toEqual({ 1: 'held' })
    expect(await blockingRows(db.pool)).toEqual(rows)
  })

  it.for<[string, typeof NO_NIK, typeof NO_NIK]>([
    ['the same', BUDI, BUDI],
    ['another state', BUDI, MENDED],
    ['another NIK of the same date', BUDI, OTHER_NIK],
    ['no NIK', NO_NIK, BUDI],
    ['a NIK that is gone', BUDI, NO_NIK],
  ])('stand once where another worker stored %s first', async ([, first, second]) => {
    await using db = await freshDatabase()
    const [older, newer] = [await openBatch(db.pool), await openBatch(db.pool)]
    const late = await submit(db.pool, [entry(1, 'A', person('A', second))], { batch: newer })
    await link(db.pool, late, {
      meanwhile: async () => {
        await push(db.pool, [entry(1, 'A', person('A', first))], { batch: older })
      },
    })
    expect(await blockingRows(db.pool)).toEqual(await freshRows([entry(1, 'A', person('A', second))]))
  })

  it('stay those of the newer state where an older batch was slower', async () => {
    await using db = await freshDatabase()
    const [older, newer] = [await openBatch(db.pool), await openBatch(db.pool)]
    const late = await submit(db.pool, [entry(1, 'A', person('A', BUDI))], { batch: older })
    await link(db.pool, late, {
      meanwhile: async () => {
        await push(db.pool, [entry(1, 'A', person('A', MENDED))], { batch: newer })
      },
    })
    expect(await blockingRows(db.pool)).toEqual(await freshRows([entry(1, 'A', person('A', MENDED))]))
  })

  it.for<[string, typeof NO_NIK, typeof NO_NIK]>([
    ['another one', BUDI, OTHER_NIK],
    ['none any more', BUDI, NO_NIK],
    ['one at last', NO_NIK, BUDI],
  ])('tell the NIK that a record has by now: %s', async ([, before, after]) => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', before))])
    await push(db.pool, [entry(1, 'A', person('A', after))])
    expect(await blockingRows(db.pool)).toEqual(await freshRows([entry(1, 'A', person('A', after))]))
  })

  it('tell the NIK of before where a worker dies over its correction, until another one does it', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const rows = await blockingRows(db.pool)
    const chunk = await submit(db.pool, [entry(1, 'A', person('A', OTHER_NIK))])
    await link(db.pool, chunk, { crash: true }).catch(() => undefined)
    expect(await blockingRows(db.pool)).toEqual(rows)
    await link(db.pool, chunk)
    expect(await blockingRows(db.pool)).toEqual(await freshRows([entry(1, 'A', person('A', OTHER_NIK))]))
  })
})
