import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../support/database.ts'
import { entry, family, link, person, push, strict, submit } from '../../support.ts'

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

  it('is that a steward is asked, where two may be one', async () => {
    await using db = await freshDatabase()
    const judge = { ...strict, thresholds: { ...strict.thresholds, unsure: -50 } }
    await link(db.pool, await submit(db.pool, [entry(1, 'B', person('B', BUDI))]), { judge })
    const { lines } = await link(db.pool, await submit(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS), { judge })
    expect(lines.map(({ review }) => review)).toEqual([true])
  })
})
