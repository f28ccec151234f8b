import { expect, it } from 'vitest'
import type { CanonicalRecord, CleanEntry } from '../../../src/domain/entry.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { entry, family, judgeAll, link, person, push, strict, submit } from '../support.ts'

const HEAD = '3174010505560001'
const CHILD = '3174015704830001'
const card = { nomor_kartu_keluarga: '3174010101100001' }
const otherCard = { nomor_kartu_keluarga: '3174010101100002' }
const household = { scheme: 'p3ke', key: '7' }
const child = { nama: 'RATNA KUSUMA', tanggal_lahir: '1983-04-17', jenis_kelamin: '2', status_hubungan_keluarga: '3' }
// By itself no more than a possible match.
const lost = { ...child, nama: 'R. KUSUMA', tanggal_lahir: '1984-04-17' }
const placed = { extensions: { kode_kelurahan_desa: '3174010001' } }

type Part = { dataset: string; entries: CleanEntry[] }

function register(...members: CanonicalRecord[]): Part {
  const head = family('F', { ...card, kode_kelurahan_desa: '3174010001' }, { headNik: HEAD })
  return { dataset: 'carik', entries: [entry(1, 'F', head, ...members)] }
}
const persons = (...records: CanonicalRecord[]): Part => ({
  dataset: 'p3ke-individu',
  entries: records.map((record, at) => entry(at + 1, record.key, record)),
})
const FAMILIES: Part = {
  dataset: 'p3ke-keluarga',
  entries: [entry(1, 'P', family('P', {}, { household, headNik: HEAD }))],
}
const REGISTER = register(person('F2', { ...card, ...child, nomor_induk_kependudukan: CHILD }))
const PERSONS = persons(person('P2', lost, { household, ...placed }))

/** What became of some parts, pushed in this order: records of each person, and open possible matches. */
async function outcomeOf(...parts: Part[]) {
  await using db = await freshDatabase()
  for (const part of parts) await push(db.pool, part.entries, part)
  return await outcomeIn(db)
}

async function outcomeIn(db: TestDatabase) {
  const { rows } = await db.pool.query<{ records: number }>(sql`
    select count(*)::integer as records from source_record where subject like 'per\\_%' group by subject order by 1`)
  const open = await db.pool.query(sql`select from review where state = 'open'`)
  return { persons: rows.map(({ records }) => records), possibleMatches: open.rowCount }
}

const orders = ([a, b, c]: [Part, Part, Part]): Part[][] => [
  [a, b, c],
  [a, c, b],
  [b, a, c],
  [b, c, a],
  [c, a, b],
  [c, b, a],
]

it('judging again finds relatives that lie in one chunk', async () => {
  await using db = await freshDatabase()
  for (const part of [REGISTER, FAMILIES, PERSONS])
    await link(db.pool, await submit(db.pool, part.entries, part), { judge: strict })
  expect(await outcomeIn(db)).toEqual({ persons: [1, 1], possibleMatches: 0 })
  await judgeAll(db.pool)
  expect(await outcomeIn(db)).toEqual({ persons: [2], possibleMatches: 0 })
})

it('relatives of one file are found however it is cut, whether they name a card or only the household', async () => {
  const one = person('X', { ...lost, nama: 'RATNA KUSUMA' }, { household })
  const two = person('Y', { ...card, ...child, nomor_induk_kependudukan: CHILD }, { household })
  for (const parts of [[persons(one, two)], [persons(one), persons(two)], [persons(two), persons(one)]])
    expect(await outcomeOf(...parts)).toEqual({ persons: [2], possibleMatches: 0 })
})

it('two who have numbers of their own are compared in no order for their family alone', async () => {
  const born = { nama: 'RATNA KUSUMA', jenis_kelamin: '2' }
  const one = { ...born, tanggal_lahir: '1983-02-01', nomor_induk_kependudukan: '3174014102830001' }
  const two = { ...born, tanggal_lahir: '1983-01-02', nomor_induk_kependudukan: '3174014201830001' }
  const parts = [
    register(person('F2', { ...card, ...one })),
    persons(person('P2', two, { household, ...placed })),
    FAMILIES,
  ]
  for (const order of orders(parts as [Part, Part, Part]))
    expect(await outcomeOf(...order)).toEqual({ persons: [1, 1], possibleMatches: 0 })
})

it('nobody is asked in any order about two of one family of whom one was given the number of the other', async () => {
  const other = {
    nama: 'SUGENG WIDODO',
    tanggal_lahir: '2001-11-30',
    jenis_kelamin: '1',
    status_hubungan_keluarga: '3',
  }
  const given = persons(person('P2', { ...other, nomor_induk_kependudukan: CHILD }, { household, ...placed }))
  for (const order of orders([REGISTER, given, FAMILIES]))
    expect(await outcomeOf(...order)).toEqual({ persons: [1, 1], possibleMatches: 0 })
})

it('two who share no block are joined in no order by a third who may be either', async () => {
  const here = { jenis_kelamin: '1', status_hubungan_keluarga: '3' }
  const shortened = {
    ...here,
    nama: 'MUKHLIS E.',
    tanggal_lahir: '1971-08-02',
    nomor_induk_kependudukan: '3174010208710001',
  }
  const undated = { ...here, nama: 'MUKHLIS EFENDI', nomor_induk_kependudukan: '3174010208701001' }
  const third = persons(
    person('P', { ...here, nama: 'MUKHLIS EFENDI', tanggal_lahir: '1970-08-02' }, { household, ...placed }),
  )
  const one: Part = {
    dataset: 'dtks-individu',
    entries: [entry(1, 'D', person('D', { ...card, ...shortened }, placed))],
  }
  const two: Part = { dataset: 'carik', entries: [entry(1, 'C', person('C', { ...card, ...undated }, placed))] }
  const outcomes = []
  for (const order of orders([one, two, third])) outcomes.push(JSON.stringify((await outcomeOf(...order)).persons))
  expect(new Set(outcomes).size).toBe(1)
})

it('a family that ended in a new one is not forgotten', async () => {
  const head = {
    nama: 'BAGASKARA PRADIPTA',
    tanggal_lahir: '1956-05-05',
    jenis_kelamin: '1',
    status_hubungan_keluarga: '1',
  }
  const first = register()
  const list = persons(
    person('P1', { ...head, nomor_induk_kependudukan: HEAD }, { household }),
    person('P2', lost, { household, ...placed }),
  )
  const place = { kode_kelurahan_desa: '3174010001' }
  const moved = entry(
    1,
    'G',
    family('G', { ...otherCard, ...place }),
    person('G2', { ...otherCard, ...child, nomor_induk_kependudukan: CHILD }),
  )
  const renamed = entry(2, 'F', family('F', { ...otherCard, ...place }, { headNik: HEAD }))
  const carik = (...entries: CleanEntry[]): Part => ({ dataset: 'carik', entries })
  for (const parts of [[carik(moved, renamed)], [carik(moved), carik(renamed)]])
    expect((await outcomeOf(first, list, ...parts)).persons).toEqual([1, 2])
})

it('households by the hundred that one copied NIK makes one family are not compared', async () => {
  const many = Array.from({ length: 201 }, (_, at) =>
    person(`P${at}`, at === 0 ? lost : { nama: `PENGHUNI ${at}`, jenis_kelamin: '1' }, {
      household: { scheme: 'p3ke', key: `${at}` },
    }),
  )
  const families = Array.from({ length: 201 }, (_, at) =>
    entry(at + 1, `H${at}`, family(`H${at}`, {}, { household: { scheme: 'p3ke', key: `${at}` }, headNik: HEAD })),
  )
  const { persons: found } = await outcomeOf(
    persons(...many),
    { dataset: 'p3ke-keluarga', entries: families },
    REGISTER,
  )
  expect(found).toEqual(Array(202).fill(1))
})

it('a person is where the family is by now, though nothing else of them has changed', async () => {
  const at = (alamat?: string): Part => ({
    dataset: 'carik',
    entries: [
      entry(
        1,
        'F',
        family('F', { ...card, kode_kelurahan_desa: '3174010001', ...(alamat && { alamat }) }),
        person('F2', { ...card, ...child }),
      ),
    ],
  })
  const elsewhere: Part = {
    dataset: 'dtks-individu',
    entries: [
      entry(1, 'Q', family('Q', { kode_kelurahan_desa: '3174010001', alamat: 'JL MELATI 1' }), person('Q2', lost)),
    ],
  }
  for (const before of [[], [at()], [at('JL MAWAR 9')]])
    expect(await outcomeOf(...before, at('Jalan Melati No. 1'), elsewhere)).toEqual({
      persons: [2],
      possibleMatches: 0,
    })
})
