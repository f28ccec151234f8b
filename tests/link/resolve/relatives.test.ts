import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import type { ClaimedChunk } from '../../../src/engine/stage.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { entry, family, link, person, push, submit } from '../support.ts'

const HEAD = '3174010505560001'
const card = { nomor_kartu_keluarga: '3174010101100001' }
const household = { scheme: 'p3ke', key: '7' }
const head = { nama: 'BAGASKARA PRADIPTA', tanggal_lahir: '1956-05-05', jenis_kelamin: '1' }
const child = { nama: 'RATNA KUSUMA', tanggal_lahir: '1983-04-17', jenis_kelamin: '2' }
// Shortened, born a year later, without a number, in another village: by itself no more than a possible match.
const lost = { nama: 'R. KUSUMA', tanggal_lahir: '1984-04-17', jenis_kelamin: '2' }
const inVillage = (kode_kelurahan_desa: string) => ({ extensions: { kode_kelurahan_desa } })

/** What each source pushes: a register by cards, the persons of a list without, and the families of that list. */
const PARTS: Record<'register' | 'persons' | 'families', { dataset: string; entries: CleanEntry[] }> = {
  register: {
    dataset: 'carik',
    entries: [
      entry(
        1,
        'F',
        family('F', { ...card, kode_kelurahan_desa: '3174010001' }, { headNik: HEAD }),
        person('F1', { ...card, ...head, nomor_induk_kependudukan: HEAD, status_hubungan_keluarga: '1' }),
        person('F2', {
          ...card,
          ...child,
          nomor_induk_kependudukan: '3174015704830001',
          status_hubungan_keluarga: '3',
        }),
      ),
    ],
  },
  persons: {
    dataset: 'p3ke-individu',
    entries: [
      entry(1, 'P1', person('P1', { ...head, status_hubungan_keluarga: '1' }, { household })),
      entry(
        2,
        'P2',
        person('P2', { ...lost, status_hubungan_keluarga: '3' }, { household, ...inVillage('3174020001') }),
      ),
    ],
  },
  families: { dataset: 'p3ke-keluarga', entries: [entry(1, 'P', family('P', {}, { household, headNik: HEAD }))] },
}
type Part = keyof typeof PARTS

const ORDERS: Part[][] = [
  ['register', 'persons', 'families'],
  ['register', 'families', 'persons'],
  ['persons', 'register', 'families'],
  ['persons', 'families', 'register'],
  ['families', 'register', 'persons'],
  ['families', 'persons', 'register'],
]

describe('relatives', () => {
  it.each(ORDERS)('are found to be one family by its head, and one person each: %s, %s, %s', async (...order) => {
    await using db = await freshDatabase()
    for (const part of order) await push(db.pool, PARTS[part].entries, PARTS[part])
    expect(await recordsOfPersons(db)).toEqual([2, 2])
    expect(await openPossibleMatches(db)).toBe(0)
  })

  it('are one person each, however their entries are cut into chunks and whichever workers link them at once', {
    timeout: 300_000,
  }, async () => {
    const single = Object.values(PARTS).flatMap(({ dataset, entries }) => entries.map((one) => ({ dataset, one })))
    const order = fc.shuffledSubarray(single, { minLength: single.length })
    const plan = fc.tuple(order, fc.array(fc.nat(2), { minLength: single.length, maxLength: single.length }))
    await fc.assert(
      fc.asyncProperty(plan, async ([chunks, workers]) => {
        await using db = await freshDatabase()
        const submitted: ClaimedChunk[] = []
        for (const { dataset, one } of chunks) submitted.push(await submit(db.pool, [one], { dataset }))
        await Promise.all(
          [0, 1, 2].map(async (me) => {
            for (const [at, chunk] of submitted.entries()) if (workers[at] === me) await link(db.pool, chunk)
          }),
        )
        expect(await recordsOfPersons(db)).toEqual([2, 2])
        expect(await openPossibleMatches(db)).toBe(0)
      }),
      { numRuns: 10 },
    )
  })

  it('of a list whose family nobody knows stay a possible match', async () => {
    await using db = await freshDatabase()
    for (const part of ['register', 'persons'] as const) await push(db.pool, PARTS[part].entries, PARTS[part])
    expect(await recordsOfPersons(db)).toEqual([1, 1, 2])
  })

  it('are told to BPS as one person when the families are found to be one', async () => {
    await using db = await freshDatabase()
    for (const part of ['register', 'persons'] as const) await push(db.pool, PARTS[part].entries, PARTS[part])
    const { lines } = await push(db.pool, PARTS.families.entries, PARTS.families)
    const persons = lines.filter(({ level }) => level === 'individu')
    expect(persons).toHaveLength(1)
    expect(persons[0]).toMatchObject({ merged: [expect.stringMatching(/^per_/)], entries: [[expect.any(String), 1]] })
  })

  it('in a home of hundreds are not compared with each other', async () => {
    await using db = await freshDatabase()
    const many = Array.from({ length: 201 }, (_, at) =>
      entry(at + 1, `H${at}`, person(`H${at}`, { ...card, nama: `PENGHUNI ${at}`, jenis_kelamin: '1' })),
    )
    await push(db.pool, many)
    await push(db.pool, [entry(1, 'N', person('N', { ...card, nama: 'PENGHUNI 7', jenis_kelamin: '1' }))], {
      dataset: 'dtks-individu',
    })
    expect(await recordsOfPersons(db)).toHaveLength(202)
  })
})

/** How many records each resolveSubject person has. */
async function recordsOfPersons(db: TestDatabase): Promise<number[]> {
  const { rows } = await db.pool.query<{ records: number }>(sql`
    select count(*)::integer as records from source_record where subject like 'per\\_%' group by subject order by 1`)
  return rows.map(({ records }) => records)
}

async function openPossibleMatches(db: TestDatabase): Promise<number> {
  const { rows } = await db.pool.query<{ possibleMatches: number }>(sql`
    select count(*)::integer as "possibleMatches" from review where state = 'open'`)
  return rows[0]?.possibleMatches ?? -1
}
