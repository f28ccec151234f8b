import { describe, expect, it } from 'vitest'
import type { GoldenLine } from '../../../../src/domain/golden.ts'
import type { ReviewId } from '../../../../src/domain/ids.ts'
import { newId } from '../../../../src/io/ids.ts'
import { inTransaction } from '../../../../src/io/postgres/postgres.ts'
import { decideReview } from '../../../../src/link/review/desk.db.ts'
import { freshDatabase } from '../../../support/database.ts'
import { correction, entry, family, link, person, push, strict, submit } from '../../support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const DTKS = { dataset: 'dtks-individu' }

describe('what a line says of its fields', () => {
  it('is what was inferred and found, by field', async () => {
    await using db = await freshDatabase()
    const more = { inferred: ['umur'], findings: { umur: ['UMUR-01'], nomor_kartu_keluarga: ['kk-length'] } }
    const { lines } = await push(db.pool, [entry(1, 'B', person('B', { ...BUDI, umur: 44 }, more))], DTKS)
    expect(lines[0]?.flags).toEqual({
      umur: { inferred: true, findings: ['UMUR-01'] },
      nomor_kartu_keluarga: { findings: ['kk-length'] },
    })
  })

  it('goes with the source that gives the value; what nobody gives is told by all', async () => {
    await using db = await freshDatabase()
    const [first, second] = [
      { nama: ['name-case'], umur: ['age-a'] },
      { nama: ['name-odd'], umur: ['age-b'] },
    ]
    await push(db.pool, [
      entry(1, 'B', person('B', { ...BUDI, jenis_kelamin: '1' }, { findings: first, inferred: ['jenis_kelamin'] })),
    ])
    const { lines } = await push(
      db.pool,
      [entry(1, 'X', person('X', BUDI, { findings: second, inferred: ['nama'] }))],
      DTKS,
    )
    expect(lines[0]?.origin).toHaveLength(2)
    expect(lines[0]?.flags).toEqual({
      nama: { findings: ['name-case'] },
      umur: { findings: ['age-a', 'age-b'] },
      jenis_kelamin: { inferred: true },
    })
  })

  it('changes nothing by itself: a record with other findings is the same record', async () => {
    await using db = await freshDatabase()
    const sent = (codes: string[]) => [entry(1, 'B', person('B', BUDI, { findings: { nama: codes } }))]
    await push(db.pool, sent(['name-case']))
    expect(await push(db.pool, sent(['name-odd']))).toMatchObject({ state: 'settled', told: [] })
  })
})

describe('what a line says of its subject', () => {
  it('is by which registers it is known, and how sure it is one person', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'F', family('F', { alamat: 'Jalan 1' }), person('B', BUDI))])
    expect(first.lines.map(({ registers, confidence, review }) => ({ registers, confidence, review }))).toEqual([
      { registers: ['carik'], confidence: undefined, review: undefined },
      { registers: ['carik'], confidence: null, review: false },
    ])
    const second = await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    const [merged] = second.lines
    expect(merged).toMatchObject({ version: 2, registers: ['carik', 'dtks'], review: false })
    expect(merged?.confidence).toBeGreaterThan(0.99)
    expect(merged?.confidence).toBeLessThanOrEqual(1)
  })

  it('is that a steward is asked, at both who may be one, until the steward has said', async () => {
    await using db = await freshDatabase()
    const judge = { ...strict, thresholds: { ...strict.thresholds, unsure: -50 } }
    const first = await link(db.pool, await submit(db.pool, [entry(1, 'B', person('B', BUDI))]), { judge })
    const chunk = await submit(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    const both = await link(db.pool, chunk, { judge })
    const one = first.lines[0]?.subject
    const told = ({ subject, version, review, entries }: GoldenLine) => [subject === one, version, review, entries]
    expect(both.lines.map(told).toSorted()).toEqual([
      [false, 1, true, [[chunk.batch, 1]]],
      [true, 2, true, [[chunk.batch, 1]]],
    ])
    const fresh = { batch: newId('bat'), chunk: newId('chk') }
    const { rows } = await db.pool.query<{ id: ReviewId }>('select id from review')
    await inTransaction(db.pool, (tx) => {
      const said = { decision: 'different' as const, by: 'steward', reason: 'two people', fourEyesFrom: 5 }
      return decideReview(tx, rows[0]?.id ?? 'rev_', said, fresh)
    })
    const after = await link(db.pool, await correction(db.pool, fresh), { judge })
    expect(after.lines.map(told).toSorted()).toEqual([
      [false, 2, false, [[fresh.batch, 1]]],
      [true, 3, false, [[fresh.batch, 1]]],
    ])
  })
})
