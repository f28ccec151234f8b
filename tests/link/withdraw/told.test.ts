import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import type { BatchId } from '../../../src/domain/ids.ts'
import { freshDatabase } from '../../support/database.ts'
import { readSampleFiles } from '../push-samples.ts'
import { KnownSubjects } from '../resolve/tell/known-subjects.ts'
import { entry, family, link, person, push, submit } from '../support.ts'
import { askBatch, linkWithdrawal, withdraw } from './support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const KK = { nomor_kartu_keluarga: '3174010101100001' }
const VILLAGE = { kode_kelurahan_desa: '3171010001' }
const DTKS = { dataset: 'dtks-individu' }

/** A receiver, and a gateway that tells it of whatever is pushed and withdrawn. */
function receiverOf(db: Pool) {
  const known = new KnownSubjects()
  return {
    known,
    async push(entries: CleanEntry[], submission = {}) {
      const linked = await push(db, entries, submission)
      known.take(linked.told)
      return linked
    },
    async withdraw(record: { key: string; dataset?: string }) {
      const done = await withdraw(db, record)
      known.take(done.lines)
      return done
    },
  }
}

describe('a family whose own record is withdrawn', () => {
  it('is told as a stub again while persons name it, with the card that they state', async () => {
    await using db = await freshDatabase()
    const bps = receiverOf(db.pool)
    await bps.push([entry(1, 'B', person('B', { ...BUDI, ...KK }))], DTKS)
    const { lines } = await bps.push([entry(1, 'F', family('F', { ...KK, luas_lantai: 40 }))])
    const { batch, lines: told } = await bps.withdraw({ key: 'F' })
    expect(told).toEqual([
      {
        kind: 'stub',
        subject: lines[0]?.subject,
        level: 'keluarga',
        version: 3,
        record: KK,
        entries: [[batch, 1]],
      },
    ])
    expect([bps.known.dangling, bps.known.orphans()]).toEqual([[], []])
  })

  it('places those no more who lived where it does', async () => {
    await using db = await freshDatabase()
    const bps = receiverOf(db.pool)
    await bps.push([entry(1, 'F', family('F', { ...KK, ...VILLAGE }))])
    await bps.push([entry(1, 'B', person('B', { ...BUDI, ...KK }))], DTKS)
    expect(bps.known.persons()).toMatchObject([{ version: 1, region: { bps: '3171010001', from: 'family' } }])
    const { batch } = await bps.withdraw({ key: 'F' })
    expect(bps.known.persons()).toMatchObject([{ version: 2, entries: [[batch, 1]] }])
    expect(bps.known.persons()[0]).not.toHaveProperty('region')
    await bps.push([entry(1, 'F', family('F', { ...KK, ...VILLAGE }))])
    expect(bps.known.persons()).toMatchObject([{ version: 3, region: { bps: '3171010001', from: 'family' } }])
  })
})

describe('a family that only persons name', () => {
  it('is withdrawn with the last of them', async () => {
    await using db = await freshDatabase()
    const bps = receiverOf(db.pool)
    await bps.push([entry(1, 'B', person('B', { ...BUDI, ...KK })), entry(2, 'S', person('S', { ...SITI, ...KK }))])
    expect((await bps.withdraw({ key: 'B' })).lines.map(({ kind }) => kind)).toEqual(['withdrawn'])
    expect(bps.known.orphans()).toEqual([])
    const { lines } = await bps.withdraw({ key: 'S' })
    expect(lines.map(({ level, kind, version }) => [level, kind, version]).sort()).toEqual([
      ['individu', 'withdrawn', 2],
      ['keluarga', 'withdrawn', 2],
    ])
  })

  it('is told without a card that nobody states any more', async () => {
    await using db = await freshDatabase()
    const bps = receiverOf(db.pool)
    const home = { household: { scheme: 'carik', key: 'R' } }
    await bps.push([entry(1, 'B', person('B', { ...BUDI, ...KK }, home)), entry(2, 'S', person('S', SITI, home))])
    const { lines } = await bps.withdraw({ key: 'B' })
    expect(lines.map(({ level, kind }) => [level, kind]).sort()).toEqual([
      ['individu', 'withdrawn'],
      ['keluarga', 'stub'],
    ])
    expect(lines.find(({ kind }) => kind === 'stub')).toMatchObject({ record: {}, version: 2 })
  })
})

describe('what a withdrawal changes', () => {
  it('is told to whoever follows subjects: those that lost a record, and those that ended', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'B', person('B', BUDI)), entry(2, 'S', person('S', SITI))])
    await push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS)
    const { followed } = await withdraw(db.pool, { key: 'B' })
    expect(followed).toEqual([first.lines[0]?.subject])
    expect((await withdraw(db.pool, { key: 'S' })).followed).toEqual([first.lines[1]?.subject])
  })

  it('says that a person is in no review any more when the other one is withdrawn', async () => {
    await using db = await freshDatabase()
    const bps = receiverOf(db.pool)
    const stranger = { ...SITI, nama: 'WULANDARI', nomor_induk_kependudukan: BUDI.nomor_induk_kependudukan }
    await bps.push([entry(1, 'A', person('A', BUDI))])
    await bps.push([entry(1, 'X', person('X', stranger))], DTKS)
    expect(bps.known.persons().map((line) => 'review' in line && line.review)).toEqual([true, true])
    await bps.withdraw({ key: 'A' })
    expect(bps.known.persons()).toMatchObject([{ review: false }])
  })
})

describe('a receiver of the samples', { timeout: 300_000 }, async () => {
  const files = (await readSampleFiles()).filter(({ platform }) => platform === 'jembrana')

  it.each(files.map(({ dataset }, at) => [dataset, at] as const))(
    'knows every family that a person names, at rising versions, when a batch is withdrawn: %s',
    async (_, at) => {
      await using db = await freshDatabase()
      const known = new KnownSubjects()
      const batches: BatchId[] = []
      for (const { platform, dataset, entries } of files) {
        const chunk = await submit(db.pool, entries, { platform, dataset })
        known.take((await link(db.pool, chunk)).told)
        batches.push(chunk.batch)
      }
      const { lines } = await linkWithdrawal(db.pool, await askBatch(db.pool, batches[at] ?? 'bat_', 'jembrana'))
      const versions = new Map([...known.latest].map(([id, { version }]) => [id, version]))
      for (const { subject, kind, version } of lines) {
        if (kind === 'withdrawn') expect(version).toBe((versions.get(subject) ?? 0) + 1)
        versions.set(subject, version)
      }
      known.take(lines)
      expect([known.dangling, known.orphans()]).toEqual([[], []])
    },
  )
})
