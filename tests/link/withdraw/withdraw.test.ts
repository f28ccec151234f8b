import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase } from '../../support/database.ts'
import { entry, family, findingsOf, link, outcomesOf, person, push, submit } from '../support.ts'
import { askBatch, askRecord, countRows, linkWithdrawal, withdraw, withdrawnOf } from './support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const KK1 = { nomor_kartu_keluarga: '3174010101100001' }
const DTKS = { dataset: 'dtks-individu' }
const HOUSEHOLD = { household: { scheme: 'carik', key: 'F' } }
const FAMILY = entry(
  1,
  'F',
  family('F', KK1, HOUSEHOLD),
  person('A', { ...BUDI, ...KK1 }, { path: '/anggota/0', ...HOUSEHOLD }),
  person('B', { ...SITI, ...KK1 }, { path: '/anggota/1', ...HOUSEHOLD }),
)

describe('withdrawing the only record of a subject', () => {
  it('tells BPS that the subject is withdrawn, and leaves nothing that leads to it', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const { batch, states, lines } = await withdraw(db.pool, { key: 'A' })
    expect(states).toEqual(['linked'])
    expect(lines).toEqual([
      {
        kind: 'withdrawn',
        subject: first.lines[0]?.subject,
        level: 'individu',
        version: 2,
        entries: [[batch, 1]],
        reason: 'mistaken',
      },
    ])
    expect(await outcomesOf(db.pool, batch)).toEqual({ 1: 'updated' })
    for (const table of ['source_record', 'blocking', 'identifier', 'review'])
      expect([table, await countRows(db.pool, table)]).toEqual([table, 0])
  })

  it('lets the same record come back as somebody new', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await withdraw(db.pool, { key: 'A' })
    const again = await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    expect(again.lines).toMatchObject([{ version: 1, record: { nama: 'BUDI SANTOSO' } }])
    expect(again.lines[0]?.subject).not.toBe(first.lines[0]?.subject)
  })

  it('takes a family with its members, and the numbers that led to it', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [FAMILY])
    const { batch, lines } = await withdraw(db.pool, { key: 'F' })
    expect(
      withdrawnOf(lines)
        .map(({ subject, entries }) => [subject, entries])
        .sort(),
    ).toEqual(first.lines.map(({ subject }) => [subject, [[batch, 1]]]).sort())
    expect(await countRows(db.pool, 'identifier')).toBe(0)
    expect(await countRows(db.pool, 'source_record')).toBe(0)
    const { rows } = await db.pool.query(
      sql`select distinct card_count, withdrawn_at is not null as ended from subject`,
    )
    expect(rows).toEqual([{ card_count: 0, ended: true }])
  })

  it('takes what an earlier batch brought under the key, too', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [FAMILY])
    await push(db.pool, [entry(1, 'F', family('F', { ...KK1, luas_lantai: 40 }, HOUSEHOLD))])
    const { lines } = await withdraw(db.pool, { key: 'F' })
    expect(withdrawnOf(lines)).toHaveLength(3)
  })
})

describe('withdrawing a member by its own key', () => {
  it('leaves the family and the other members as they are', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [FAMILY])
    const { batch, lines } = await withdraw(db.pool, { key: 'A' })
    expect(lines).toMatchObject([{ kind: 'withdrawn', subject: first.lines[1]?.subject }])
    expect(await outcomesOf(db.pool, batch)).toEqual({ 1: 'updated' })
    expect(await countRows(db.pool, 'source_record')).toBe(2)
    expect((await push(db.pool, [FAMILY])).lines).toMatchObject([{ version: 1, record: { nama: 'BUDI SANTOSO' } }])
  })
})

describe('withdrawing one record of several', () => {
  it('gives the subject a golden record of the next version, from what is left', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'A', person('A', { ...BUDI, status_kawin: '2' }))])
    await push(db.pool, [entry(1, 'X', person('X', { ...BUDI, umur: 45 }))], DTKS)
    const { batch, lines } = await withdraw(db.pool, { key: 'A' })
    expect(lines).toMatchObject([
      { subject: first.lines[0]?.subject, version: 3, origin: [{ dataset: 'dtks-individu' }], entries: [[batch, 1]] },
    ])
    expect(lines[0]).not.toHaveProperty('record.status_kawin')
  })

  it('parts persons that only the withdrawn record held together', async () => {
    await using db = await freshDatabase()
    const name = { nama: 'ADITYA PUTRA WIBOWO' }
    const nik = { nomor_induk_kependudukan: '3174010302010001' }
    const home = { tanggal_lahir: '2001-02-03', jenis_kelamin: '1', ...KK1 }
    const [one, bridge, other] = [
      { ...name, ...nik },
      { ...name, ...nik, ...home },
      { ...name, ...home },
    ]
    await push(db.pool, [entry(1, 'A', person('A', one))])
    await push(db.pool, [entry(1, 'C', person('C', other))], { dataset: 'p3ke-individu' })
    const before = await push(db.pool, [entry(1, 'B', person('B', bridge))], DTKS)
    const { lines } = await withdraw(db.pool, { key: 'B', dataset: 'dtks-individu' })
    const { rows } = await db.pool.query(sql`select count(distinct subject)::integer as persons from source_record`)
    expect({ before: before.lines.map((line) => line.origin.length), persons: rows[0]?.persons }).toEqual({
      before: [3],
      persons: 2,
    })
    expect(lines.filter((line) => 'record' in line)).toHaveLength(2)
  })

  it('keeps a family that persons still name, and its number', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'F', family('F', KK1))])
    await push(db.pool, [entry(1, 'X', person('X', { ...SITI, ...KK1 }))], DTKS)
    const { lines } = await withdraw(db.pool, { key: 'F' })
    expect(lines).toMatchObject([{ subject: first.lines[0]?.subject, level: 'keluarga' }])
    const again = await push(db.pool, [entry(1, 'F', family('F', KK1))])
    expect(again.lines).toMatchObject([{ subject: first.lines[0]?.subject, version: 3 }])
  })
})

describe('an open review', () => {
  it('is closed with the record that it names', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const stranger = { ...SITI, nama: 'WULANDARI', nomor_induk_kependudukan: BUDI.nomor_induk_kependudukan }
    await push(db.pool, [entry(1, 'X', person('X', stranger))], DTKS)
    expect(await countRows(db.pool, 'review')).toBe(1)
    await withdraw(db.pool, { key: 'A' })
    expect(await countRows(db.pool, 'review')).toBe(0)
  })
})

describe('asking again', () => {
  it('gives the same batch, before it is linked and after', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const [first, second] = await Promise.all([askRecord(db.pool, { key: 'A' }), askRecord(db.pool, { key: 'A' })])
    await linkWithdrawal(db.pool, first)
    expect([second, await askRecord(db.pool, { key: 'A' })]).toEqual([first, first])
  })

  it('opens another one when the record was pushed again', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [FAMILY])
    const [whole, member] = [await withdraw(db.pool, { key: 'F' }), undefined]
    await push(db.pool, [FAMILY])
    const again = await withdraw(db.pool, { key: 'F' })
    expect([again.batch === whole.batch, withdrawnOf(again.lines).length, member]).toEqual([false, 3, undefined])
    await push(db.pool, [FAMILY])
    const one = await withdraw(db.pool, { key: 'A' })
    await push(db.pool, [FAMILY])
    expect((await withdraw(db.pool, { key: 'A' })).batch).not.toBe(one.batch)
  })

  it('is not found when nothing was ever pushed under the key', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    await expect(askRecord(db.pool, { key: 'Z' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(askRecord(db.pool, { key: 'A', platform: 'sumedang' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the order of receipt', () => {
  it('withdraws what was pushed before, though it is linked later', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [FAMILY])
    const changed = await submit(db.pool, [
      entry(1, 'F', family('F', { ...KK1, luas_lantai: 40 }, HOUSEHOLD), person('C', { nama: 'CITRA' }, HOUSEHOLD)),
      entry(2, 'G', person('G', { nama: 'GALUH' })),
    ])
    await withdraw(db.pool, { key: 'F' })
    const { lines } = await link(db.pool, changed)
    expect(lines).toMatchObject([{ record: { nama: 'GALUH' } }])
    expect(await outcomesOf(db.pool, changed.batch)).toEqual({ 1: 'unchanged', 2: 'new' })
    expect(await findingsOf(db.pool, changed.batch)).toContain('1 superseded ')
  })

  it('lets what is pushed after wait for the withdrawal, and then be new', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const batch = await askRecord(db.pool, { key: 'A' })
    const later = await submit(db.pool, [entry(1, 'A', person('A', BUDI))])
    expect((await link(db.pool, later)).state).toBe('later')
    await linkWithdrawal(db.pool, batch)
    await link(db.pool, later)
    expect(await outcomesOf(db.pool, later.batch)).toEqual({ 1: 'new' })
  })

  it('withdraws a record that is pushed for the first time and not linked yet', async () => {
    await using db = await freshDatabase()
    const first = await submit(db.pool, [entry(1, 'A', person('A', BUDI))])
    const { batch, states } = await withdraw(db.pool, { key: 'A' })
    expect([states, await outcomesOf(db.pool, batch)]).toEqual([['settled'], { 1: 'unchanged' }])
    expect(await link(db.pool, first)).toMatchObject({ state: 'settled', told: [] })
    expect(await outcomesOf(db.pool, first.batch)).toEqual({ 1: 'unchanged' })
  })
})

describe('a member that is pushed for the first time and not linked yet', () => {
  it('is withdrawn alone', async () => {
    await using db = await freshDatabase()
    const first = await submit(db.pool, [FAMILY])
    await withdraw(db.pool, { key: 'B' })
    const { lines } = await link(db.pool, first)
    expect(lines.map(({ record }) => record.nama)).toEqual([undefined, 'BUDI SANTOSO'])
  })
})

describe('withdrawing a batch', () => {
  it('takes the records whose latest state came in it, each entry on a line, and no other', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI)), entry(2, 'B', person('B', SITI))])
    const chunk = await submit(db.pool, [
      entry(1, 'A', person('A', BUDI)),
      entry(2, 'B', person('B', { ...SITI, nama: 'SITI AMINA' })),
      entry(3, 'C', person('C', { nama: 'CITRA' })),
      entry(4, 'D', person('D', { nama: 'DEWI' })),
    ])
    await link(db.pool, chunk)
    await push(db.pool, [entry(1, 'D', person('D', { nama: 'DEWI LESTARI' }))])
    const batch = await askBatch(db.pool, chunk.batch)
    const { lines } = await linkWithdrawal(db.pool, batch)
    expect(withdrawnOf(lines)).toHaveLength(2)
    expect(await outcomesOf(db.pool, batch)).toEqual({ 1: 'updated', 2: 'updated' })
    expect(await countRows(db.pool, 'source_record')).toBe(2)
    expect(await askBatch(db.pool, chunk.batch)).toBe(batch)
  })

  it('waits until all of its outcomes are known', async () => {
    await using db = await freshDatabase()
    const chunk = await submit(db.pool, [entry(1, 'A', person('A', BUDI))])
    await expect(askBatch(db.pool, chunk.batch)).rejects.toMatchObject({ code: 'batch-pending' })
    await link(db.pool, chunk)
    await expect(askBatch(db.pool, chunk.batch, 'sumedang')).rejects.toMatchObject({ code: 'not-found' })
    const batch = await askBatch(db.pool, chunk.batch)
    await expect(askBatch(db.pool, batch)).rejects.toMatchObject({ code: 'batch-not-pushed' })
  })
})
