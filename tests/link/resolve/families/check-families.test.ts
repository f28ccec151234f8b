import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../../../../src/domain/entry.ts'
import { freshDatabase } from '../../../support/database.ts'
import { entry, family, findingsOf, link, person, push, submit } from '../../support.ts'

const KK = { nomor_kartu_keluarga: '3174010101100001' }
const PEOPLE = {
  budi: {
    nama: 'BUDI SANTOSO',
    tanggal_lahir: '1980-05-05',
    jenis_kelamin: '1',
    nomor_induk_kependudukan: '3174010505800001',
  },
  slamet: {
    nama: 'SLAMET RIYADI',
    tanggal_lahir: '1975-03-09',
    jenis_kelamin: '1',
    nomor_induk_kependudukan: '3174010903750002',
  },
  siti: {
    nama: 'SITI AMINAH',
    tanggal_lahir: '1982-01-04',
    jenis_kelamin: '2',
    nomor_induk_kependudukan: '3174014401820003',
  },
  wulan: {
    nama: 'WULANDARI',
    tanggal_lahir: '1984-07-23',
    jenis_kelamin: '2',
    nomor_induk_kependudukan: '3174016307840004',
  },
}
type Name = keyof typeof PEOPLE
const is = (name: Name, relation: string, more: CanonicalRecord['fields'] = {}) =>
  person(name, { ...PEOPLE[name], ...KK, status_hubungan_keluarga: relation, ...more })

/** Pushes batches of one-person entries, each on lines from 1, and tells the findings of the last one. */
async function findings(...batches: CanonicalRecord[][]): Promise<string[]> {
  await using db = await freshDatabase()
  let told: string[] = []
  for (const records of batches) {
    const chunk = await submit(
      db.pool,
      records.map((record, at) => entry(at + 1, record.key, record)),
    )
    await link(db.pool, chunk)
    told = await findingsOf(db.pool, chunk.batch)
  }
  return told
}

describe('a family of several entries', () => {
  it('is told of two heads in one push, at both', async () => {
    expect(await findings([is('budi', '1'), is('slamet', '1'), is('siti', '2')])).toEqual(['1 STR-01 ', '2 STR-01 '])
  })

  it('is told of a second head at the entry that brings it, and not again', async () => {
    const [first, second] = [is('budi', '1'), is('slamet', '1')]
    expect(await findings([first, is('siti', '2')], [second])).toEqual(['1 STR-01 '])
    expect(await findings([first], [second], [is('siti', '2')])).toEqual([])
    expect(await findings([first], [second], [is('slamet', '1', { umur: 50 })])).toEqual([])
  })

  it('is told when a member becomes a second head, and of nothing when the first becomes something else', async () => {
    expect(await findings([is('budi', '1'), is('slamet', '5')], [is('slamet', '1')])).toEqual(['1 STR-01 '])
    expect(await findings([is('budi', '1'), is('slamet', '5')], [is('slamet', '1'), is('budi', '5')])).toEqual([])
  })

  it('is told of a second spouse, a shared NIK, and a child as old as the head', async () => {
    const nik = { nomor_induk_kependudukan: PEOPLE.siti.nomor_induk_kependudukan }
    expect(await findings([is('siti', '2')], [is('wulan', '2')])).toEqual(['1 STR-10 '])
    expect(await findings([is('siti', '2')], [is('wulan', '5', nik)])).toEqual(['1 STR-05 '])
    expect(await findings([is('budi', '1')], [is('wulan', '3')])).toEqual(['1 STR-07 '])
    expect(await findings([is('wulan', '3')], [is('budi', '1')])).toEqual(['1 STR-07 '])
    expect(await findings([is('budi', '1')], [is('wulan', '3', { tanggal_lahir: '1990-05-05' })])).toEqual([])
  })

  it('is one family by its golden records: the same head in two lists is one head', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'F', family('F', KK), is('budi', '1'), is('siti', '2'))])
    const chunk = await submit(db.pool, [entry(1, 'X', { ...is('budi', '1'), key: 'X' })], { dataset: 'dtks-individu' })
    await link(db.pool, chunk)
    expect(await findingsOf(db.pool, chunk.batch)).toEqual([])
    const other = await submit(db.pool, [entry(1, 'Y', { ...is('slamet', '1'), key: 'Y' })], {
      dataset: 'dtks-individu',
    })
    await link(db.pool, other)
    expect(await findingsOf(db.pool, other.batch)).toEqual(['1 STR-01 '])
  })
})

it('says nothing of a family that one entry brings: its own check has', async () => {
  await using db = await freshDatabase()
  const chunk = await submit(db.pool, [entry(1, 'F', family('F', KK), is('budi', '1'), is('slamet', '1'))])
  await link(db.pool, chunk)
  expect(await findingsOf(db.pool, chunk.batch)).toEqual([])
})

it('finds the two heads when two families turn out to be one', async () => {
  await using db = await freshDatabase()
  const household = { scheme: 'idbdt', key: 'H' }
  const { nomor_kartu_keluarga: _, ...fields } = is('slamet', '1').fields
  await push(db.pool, [entry(1, 'A', is('budi', '1'))])
  await push(db.pool, [entry(1, 'B', person('B', fields, { household }))], { dataset: 'dtks-individu' })
  const joining = { ...is('siti', '5'), key: 'C', household }
  const chunk = await submit(db.pool, [entry(1, 'C', joining)], { dataset: 'dtks-individu' })
  await link(db.pool, chunk)
  expect(await findingsOf(db.pool, chunk.batch)).toEqual(['1 STR-01 '])
})
