import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../support/database.ts'
import { allFindingsOf, entry, family, link, person, push, submit, unmerge } from '../../support.ts'
import { KnownSubjects } from './known-subjects.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const KK = { nomor_kartu_keluarga: '3174010101100001' }
const VILLAGE = { kode_kelurahan_desa: '3171010001' }
const DTKS = { dataset: 'dtks-individu' }
const region = (bps: string) => ({ bps, kemendagri: `K${bps}` })

describe('the region of a person', () => {
  it('is what the own record says, in both schemes', async () => {
    await using db = await freshDatabase()
    const { lines } = await push(db.pool, [entry(1, 'B', person('B', BUDI, { extensions: VILLAGE }))], DTKS)
    expect(lines.map((line) => line.region)).toEqual([region('3171010001')])
  })

  it('is that of the family in the same entry', async () => {
    await using db = await freshDatabase()
    const { lines } = await push(db.pool, [
      entry(1, 'F', family('F', { ...KK, ...VILLAGE }), person('B', { ...BUDI, ...KK })),
    ])
    expect(lines.map((line) => line.region)).toEqual([region('3171010001'), region('3171010001')])
  })

  it('is the smallest known place around a village that nobody knows', async () => {
    await using db = await freshDatabase()
    const { lines } = await push(db.pool, [entry(1, 'B', person('B', BUDI, { region: '3171010' }))], DTKS)
    expect(lines.map((line) => line.region)).toEqual([region('3171010')])
  })

  it('follows the family where no record of the person says it, also when the family moves', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const first = await submit(db.pool, [entry(1, 'B', person('B', { ...BUDI, ...KK }))], DTKS)
    const alone = await link(db.pool, first)
    known.take(alone.told)
    expect(alone.lines.map((line) => line.region)).toEqual([undefined])
    expect(await allFindingsOf(db.pool, first.batch)).toEqual(['1 person-unplaced '])
    for (const village of ['3171010001', '3171010002']) {
      const moved = await push(db.pool, [entry(1, 'F', family('F', { ...KK, kode_kelurahan_desa: village }))])
      known.take(moved.told)
      expect(known.persons().map((line) => 'region' in line && line.region)).toEqual([
        { ...region(village), from: 'family' },
      ])
      expect(moved.lines.map(({ entries }) => entries.map(([, line]) => line))).toEqual([[1], [1]])
    }
    expect(known.persons().map(({ version }) => version)).toEqual([3])
  })

  it('is nowhere with one reason: what cleaning found in the place, else that there is none', async () => {
    await using db = await freshDatabase()
    const damaged = { findings: { region: ['region-unknown'] } }
    const chunk = await submit(
      db.pool,
      [entry(1, 'B', person('B', BUDI, damaged)), entry(2, 'S', person('S', SITI))],
      DTKS,
    )
    await link(db.pool, chunk)
    expect(await allFindingsOf(db.pool, chunk.batch)).toEqual(['2 person-unplaced '])
  })

  it('is read from the stored family where only the person comes', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'F', family('F', { ...KK, ...VILLAGE }))])
    const { lines } = await push(db.pool, [entry(1, 'B', person('B', { ...BUDI, ...KK }))], DTKS)
    expect(lines.map((line) => line.region)).toEqual([{ ...region('3171010001'), from: 'family' }])
  })

  it('moves with the person, which is told beside the line; a village within the known regency is no move', async () => {
    await using db = await freshDatabase()
    const at = (bps: string) => [entry(1, 'B', person('B', BUDI, { extensions: { kode_kelurahan_desa: bps } }))]
    const first = await push(db.pool, [entry(1, 'B', person('B', BUDI, { region: '3171' }))], DTKS)
    expect(first.beside).toEqual([])
    expect((await push(db.pool, at('3171010001'), DTKS)).beside).toEqual([])
    const { lines, beside } = await push(db.pool, at('3510010001'), DTKS)
    const subject = lines[0]?.subject
    expect(beside).toEqual([{ subject, level: 'individu', version: 3, kind: 'moved', moved: ['region'] }])
  })
})

describe('the family of a person', () => {
  it('is told as a stub before it has a record, once, and as golden when it has', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const people = [entry(1, 'B', person('B', { ...BUDI, ...KK })), entry(2, 'S', person('S', { ...SITI, ...KK }))]
    const first = await push(db.pool, people, DTKS)
    known.take(first.told)
    const stubs = first.told.filter(({ kind }) => kind === 'stub')
    const batch = expect.stringMatching(/^bat_/)
    expect(stubs).toMatchObject([
      {
        level: 'keluarga',
        version: 1,
        record: KK,
        entries: [
          [batch, 1],
          [batch, 2],
        ],
      },
    ])
    const again = await push(db.pool, [entry(1, 'B', person('B', { ...BUDI, ...KK, umur: 40 }))], DTKS)
    expect(again.told.map(({ kind }) => kind)).toEqual([undefined])
    const { told } = await push(db.pool, [entry(1, 'F', family('F', { ...KK, ...VILLAGE }))])
    known.take(told)
    expect(known.latest.get(stubs[0]?.subject ?? 'fam_')).toMatchObject({ version: 2, record: { ...KK, ...VILLAGE } })
    expect([known.dangling, known.orphans()]).toEqual([[], []])
  })

  it('is another one after a move, which is told beside the line', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const other = { nomor_kartu_keluarga: '3174010101100002' }
    const first = await push(db.pool, [entry(1, 'B', person('B', { ...BUDI, ...KK }))], DTKS)
    const second = await push(db.pool, [entry(1, 'B', person('B', { ...BUDI, ...other }))], DTKS)
    for (const { told } of [first, second]) known.take(told)
    const [before] = first.lines
    const left = before?.level === 'individu' ? before.family : undefined
    expect(second.beside).toMatchObject([{ kind: 'moved', moved: ['family'], family: left, version: 2 }])
    expect([known.dangling, known.orphans()]).toEqual([[], []])
  })

  it('ends by a line of its own when it is found to be another, which is told even without a record', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const household = { scheme: 'idbdt', key: 'H' }
    const sent = [
      [entry(1, 'B', person('B', { ...BUDI, ...KK }))],
      [entry(1, 'S', person('S', SITI, { household }))],
      [entry(1, 'S', person('S', { ...SITI, ...KK }, { household }))],
    ]
    const told = []
    for (const entries of sent) told.push(await push(db.pool, entries, DTKS))
    for (const one of told) known.take(one.told)
    const stubs = told.flatMap((one) => one.told).filter(({ kind }) => kind === 'stub')
    const [kept, ended] = [stubs[0]?.subject, stubs[1]?.subject]
    expect(told[2]?.told.filter(({ kind }) => kind !== undefined)).toMatchObject([
      { kind: 'stub', subject: kept, version: 2, merged: [ended] },
      { kind: 'merged', subject: ended, version: 2, into: kept, level: 'keluarga' },
    ])
    expect(known.now(ended ?? 'fam_')).toBe(kept)
    expect([known.dangling, known.orphans()]).toEqual([[], []])
  })
})

describe('a person who was merged', () => {
  it('ends by a line of its own, and lives again by a newer one when a steward parts them', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const [kept, other] = [
      await push(db.pool, [entry(1, 'B', person('B', BUDI))]),
      await push(db.pool, [entry(1, 'X', person('X', { nama: BUDI.nama }))], DTKS),
    ]
    const one = kept.lines[0]?.subject ?? 'per_'
    const two = other.lines[0]?.subject ?? 'per_'
    const together = await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    expect(together.told).toMatchObject([
      { subject: one, version: 2, merged: [two] },
      { kind: 'merged', subject: two, version: 2, into: one },
    ])
    for (const { told } of [kept, other, together]) known.take(told)
    expect([known.now(two), known.persons().length]).toEqual([one, 1])
    const { rows } = await db.pool.query<{ key: string }>(
      `select encode(key_index, 'hex') as key from source_record where dataset = 'dtks-individu'`,
    )
    const parted = (await unmerge(db.pool, one, [rows[0]?.key ?? ''])).linked
    known.take(parted?.told ?? [])
    expect([known.now(one), known.now(two), known.persons().length]).toEqual([one, two, 2])
    expect(known.latest.get(two)?.version).toBeGreaterThan(2)
    const { version } = known.latest.get(two) ?? {}
    expect(parted?.beside).toEqual([{ subject: two, level: 'individu', kind: 'split', version, left: one }])
  })
})
