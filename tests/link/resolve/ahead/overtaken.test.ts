import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { CleanEntry } from '../../../../src/domain/entry.ts'
import { sql } from '../../../../src/io/postgres/sql.ts'
import { gatheredFirst } from '../../../../src/io/postgres/table-form.ts'
import { freshDatabase } from '../../../support/database.ts'
import { allFindingsOf, entry, family, type Linked, link, outcomesOf, person, push, submit } from '../../support.ts'
import { withdraw } from '../../withdraw/support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const DTKS = { dataset: 'dtks-individu' }
const OTHERS = ['AGUS WIJAYA', 'DEWI LESTARI', 'RUDI HARTONO', 'MAYA PUTRI', 'JOKO SUSILO', 'INDAH SARI'].map(
  (nama, at) => {
    const fields = {
      nama,
      tanggal_lahir: `19${60 + 3 * at}-0${at + 1}-1${at}`,
      nomor_induk_kependudukan: `31740110086${at}000${at}`,
    }
    return entry(at + 10, `O${at}`, person(`O${at}`, fields))
  },
)

type When = 'planned' | 'inserting' | 'inserted'

/** Links entries; meanwhile others do something: between the plan and its transaction, while the rows are inserted or after it. */
async function overtaken(
  db: Pool,
  entries: CleanEntry[],
  when: When,
  meanwhile: () => Promise<unknown>,
): Promise<Linked & { outcomes: Record<number, string>; findings: string[] }> {
  const chunk = await submit(db, entries)
  const turns = ['planned', 'inserted']
  const insertions = ['inserting']
  const linked = await link(db, chunk, {
    pause: async () => {
      if (turns.shift() === when) await meanwhile()
    },
    whileInserting: async () => {
      if (insertions.shift() === when) await meanwhile()
    },
  })
  return {
    ...linked,
    outcomes: await outcomesOf(db, chunk.batch),
    findings: await allFindingsOf(db, chunk.batch),
  }
}

async function persons(db: Pool): Promise<number[]> {
  const { rows } = await db.query<{ n: number }>(sql`
    select count(*)::integer as n from source_record where subject like 'per%' group by subject order by n`)
  return rows.map(({ n }) => n)
}

async function doubles(db: Pool): Promise<unknown[]> {
  const found = sql`
    select key from blocking group by key, record having count(*) > 1
    union all select 0 from subject s where level = 'individu' and merged_into is null
      and not exists (select from source_record r where r.subject = s.id)`
  const { rows } = await db.query(
    gatheredFirst(found, {
      subject: 'select id, level, merged_into from subject',
      source_record: 'select subject from source_record',
      blocking: 'select key, record from blocking',
    }),
  )
  return rows
}

describe.for<When>(['planned', 'inserting', 'inserted'])('a chunk that is overtaken when it is %s', (when) => {
  it('works only those entries anew that may be about the same person', async () => {
    await using db = await freshDatabase()
    let first: Linked | undefined
    const late = await overtaken(db.pool, [entry(1, 'A', person('A', BUDI)), ...OTHERS], when, async () => {
      first = await push(db.pool, [entry(1, 'X', person('X', { ...BUDI, umur: 45 }))], DTKS)
    })
    expect(late.anew).toBe(1)
    expect(await persons(db.pool)).toEqual([1, 1, 1, 1, 1, 1, 2])
    expect(late.lines.find(({ record }) => record.nama === BUDI.nama)).toMatchObject({
      subject: first?.lines[0]?.subject,
      version: 2,
      record: { umur: 45 },
    })
    expect(late.lines).toHaveLength(7)
    expect(new Set(Object.values(late.outcomes))).toEqual(new Set(['new']))
    expect(late.findings).toHaveLength(7)
    expect(await doubles(db.pool)).toEqual([])
  })

  it('works nothing anew for strangers, though they share a block', async () => {
    await using db = await freshDatabase()
    // Born on one day, with names that begin alike.
    const stranger = {
      nama: 'SANJAYA PUTRA',
      tanggal_lahir: BUDI.tanggal_lahir,
      nomor_induk_kependudukan: '3510010505800007',
    }
    const late = await overtaken(db.pool, [entry(1, 'A', person('A', BUDI)), ...OTHERS], when, () =>
      push(db.pool, [entry(1, 'X', person('X', stranger))], DTKS),
    )
    expect(late.anew).toBe(0)
    expect(await persons(db.pool)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  })

  it('works a whole family anew with the member that somebody else has changed', async () => {
    await using db = await freshDatabase()
    const card = { nomor_kartu_keluarga: '3174010101100001' }
    const home = (area: number) =>
      entry(
        1,
        'F',
        family('F', { ...card, luas_lantai: area }),
        person('A', { ...BUDI, ...card }),
        person('B', { ...SITI, ...card }),
      )
    await push(db.pool, [home(40)])
    const late = await overtaken(db.pool, [home(50), ...OTHERS], when, () =>
      push(db.pool, [entry(1, 'Y', person('Y', { ...SITI, umur: 43 }))], DTKS),
    )
    expect(late.anew).toBe(1)
    expect(late.outcomes[1]).toBe('updated')
    expect(await persons(db.pool)).toEqual([1, 1, 1, 1, 1, 1, 1, 2])
    expect(await doubles(db.pool)).toEqual([])
  })

  it('works all of it anew where half of it is concerned', async () => {
    await using db = await freshDatabase()
    const late = await overtaken(db.pool, [entry(1, 'A', person('A', BUDI))], when, () =>
      push(db.pool, [entry(1, 'X', person('X', BUDI))], DTKS),
    )
    expect(late.anew).toBe(1)
    expect(late.lines).toMatchObject([{ version: 2 }])
    expect(await persons(db.pool)).toEqual([2])
    expect(await doubles(db.pool)).toEqual([])
  })

  it('sees that a record was withdrawn that it would have changed', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'A', person('A', BUDI))])
    const late = await overtaken(db.pool, [entry(1, 'A', person('A', SITI)), ...OTHERS], when, () =>
      withdraw(db.pool, { key: 'A' }),
    )
    expect(late.outcomes[1]).toBe('unchanged')
    expect(await persons(db.pool)).toEqual([1, 1, 1, 1, 1, 1])
  })
})
