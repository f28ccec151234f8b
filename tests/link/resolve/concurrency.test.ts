import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CleanEntry } from '../../../src/domain/entry.ts'
import type { ClaimedChunk } from '../../../src/engine/stage.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { entry, family, link, person, submit } from '../support.ts'

const NIKS = ['3174010505800001', '3174010505800002', '3174010505800003']
const KKS = ['3174010101100001', '3174010101100002']

// Without a number a person is known by name, birth date and sex.
const PEOPLE = ['WAHYUNINGSIH KARTIKA', 'BAGASKARA PRADIPTA', 'DIMAS ANGGORO'].map((nama, at) => ({
  nama,
  tanggal_lahir: `19${70 + at}-03-1${at + 2}`,
  jenis_kelamin: at === 1 ? '1' : '2',
}))

/** Families of up to three people out of three, with one of two family cards, from several datasets. */
const entries = fc
  .array(
    fc.record({
      kk: fc.constantFrom(...KKS),
      niks: fc.subarray(NIKS, { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((families) =>
    families.map(({ kk, niks }, at): CleanEntry => {
      const card = { nomor_kartu_keluarga: kk }
      const members = niks.map((nik, i) =>
        person(`${at}-${i}`, { ...card, nomor_induk_kependudukan: nik, nama: `NAMA ${nik.slice(-1)}` }),
      )
      return entry(at + 1, `F${at}`, family(`F${at}`, card), ...members)
    }),
  )

const chunks = fc.array(
  fc.record({ dataset: fc.constantFrom('carik', 'p3ke-keluarga', 'dtks-rumah-tangga'), entries, worker: fc.nat(2) }),
  { minLength: 2, maxLength: 6 },
)

it('makes one person of records without a number, however many workers link them at once', {
  timeout: 300_000,
}, async () => {
  const unnumbered = fc.array(
    fc.record({ people: fc.subarray(PEOPLE, { minLength: 1 }), worker: fc.nat(2), dataset: fc.constantFrom('a', 'b') }),
    { minLength: 2, maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(unnumbered, async (plan) => {
      await using db = await freshDatabase()
      const submitted: { worker: number; chunk: ClaimedChunk }[] = []
      for (const [at, { people, worker, dataset }] of plan.entries()) {
        const records = people.map((fields, i) => entry(i + 1, `${at}-${i}`, person(`${at}-${i}`, fields)))
        submitted.push({ worker, chunk: await submit(db.pool, records, { dataset }) })
      }
      await Promise.all(
        [0, 1, 2].map(async (me) => {
          for (const { worker, chunk } of submitted) if (worker === me) await link(db.pool, chunk)
        }),
      )
      const named = new Set(plan.flatMap(({ people }) => people.map(({ nama }) => nama)))
      expect(await count(db, 'individu')).toBe(named.size)
      expect(await strays(db)).toEqual([])
    }),
    { numRuns: 10 },
  )
})

it('makes one subject of one, however many workers link the same people at once', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async (plan) => {
      await using db = await freshDatabase()
      const submitted: { worker: number; chunk: ClaimedChunk }[] = []
      for (const [at, { dataset, entries: given, worker }] of plan.entries()) {
        submitted.push({ worker, chunk: await submit(db.pool, withKeysOf(at, given), { dataset }) })
      }
      const workers = [0, 1, 2].map(async (me) => {
        for (const { worker, chunk } of submitted) if (worker === me) await link(db.pool, chunk)
      })
      await Promise.all(workers)
      const given = plan.flatMap((chunk) => chunk.entries.flatMap(({ records }) => records))
      const named = (field: string) => new Set(given.map(({ fields }) => fields[field]).filter((v) => v !== undefined))
      expect(await count(db, 'individu')).toBe(named('nomor_induk_kependudukan').size)
      expect(await count(db, 'keluarga')).toBe(named('nomor_kartu_keluarga').size)
      expect(await strays(db)).toEqual([])
    }),
    { numRuns: 10 },
  )
})

/** Keys of their own for each chunk: only numbers lead from one to another. */
function withKeysOf(chunk: number, given: CleanEntry[]): CleanEntry[] {
  return given.map((one) => ({
    ...one,
    records: one.records.map((record) => ({ ...record, key: `${chunk}-${record.key}` })),
  }))
}

async function count(db: TestDatabase, level: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(sql`
    select count(*)::integer as n from subject where level = ${level} and merged_into is null`)
  return rows[0]?.n ?? -1
}

/** Source records and identifiers that lead to no resolveSubject subject. */
async function strays(db: TestDatabase): Promise<unknown[]> {
  const { rows } = await db.pool.query(sql`
    select subject from (select subject from source_record union all select subject from identifier) used
    where used.subject not in (select id from subject where merged_into is null)`)
  return rows
}
